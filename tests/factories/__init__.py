"""Makers of rows for tests: small functions with sensible defaults, keyword arguments only."""
