"""Commands: what we ask of stations, and what comes of it."""
