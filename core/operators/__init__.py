"""The operator itself: its creation, its setup page, its texts."""
