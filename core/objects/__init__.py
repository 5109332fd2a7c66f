"""Objects that history, notes and files can hang on."""
