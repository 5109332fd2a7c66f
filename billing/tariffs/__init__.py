"""Prices: tariffs, their versions and who gets which."""
