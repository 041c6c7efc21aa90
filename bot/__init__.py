"""THE DOORS for respondents and inspectors' protocols, and the command line. Thin."""
