"""Safekeeping: one folder with database, files and keys, and how it is put back."""
