"""Held sessions: what is doubtful, and what people decide about it."""
