"""Models of stations: what they are made of, and what they get wrong."""
