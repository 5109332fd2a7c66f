"""Checks and generators that are run by hand or by `make`."""
