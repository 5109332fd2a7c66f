"""Photos and documents on objects."""
