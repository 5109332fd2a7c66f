"""Payments: what customers paid, by card and by bank."""
