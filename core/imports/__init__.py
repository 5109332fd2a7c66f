"""Bringing rows in from CSV and XLSX files: one generic way, one spec per kind of row.

A room names its columns and a planner (``ImportSpec``) and stands in the setting IMPORT_SPECS.
The rest is the same for all: a file is read once (encoding, separator, decimal comma, sheets),
a preview says of every row whether it is new, changed, unchanged or wrong (column, value, reason
and cure), and all of it is taken over in one transaction, or nothing.
"""
