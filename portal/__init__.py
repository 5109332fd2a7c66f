"""Composition of the product: settings, URLs, processes."""
