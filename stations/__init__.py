"""The charging network."""
