"""THE INSTRUMENT: questionnaire definitions and the rules that give them meaning."""
