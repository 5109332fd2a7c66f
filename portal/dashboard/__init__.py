"""The operator's home."""
