"""Who asked to charge: why they were refused, and what would cure it."""
