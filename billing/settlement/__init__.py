"""Settling with site hosts: terms, statements, self-billing, and what is paid out."""
