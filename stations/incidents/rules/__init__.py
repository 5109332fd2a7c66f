"""The rules that find incidents: pure functions over frozen facts, one subject a file."""
