"""Template tags of the stations app."""
