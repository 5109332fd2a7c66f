"""The rules of rating, one per file."""
