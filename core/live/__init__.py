"""Live events to open pages."""
