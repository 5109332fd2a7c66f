"""Operators kept apart."""
