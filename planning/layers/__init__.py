"""Layers: what is known of places, and where it came from."""
