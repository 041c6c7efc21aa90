"""THE COLLECTING: the use cases. The only package that commits."""
