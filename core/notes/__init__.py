"""Journal notes on objects."""
