"""Remedies: what a station is asked to do so that it heals, when that is safe, and what came of
it."""
