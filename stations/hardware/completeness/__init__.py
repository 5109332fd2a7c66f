"""Which sites and EVSEs lack what the public must be told."""
