"""THE DOOR for inspectors and managers: Streamlit pages, thin."""
