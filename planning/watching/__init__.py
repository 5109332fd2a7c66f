"""Watching the network: which sites are used much, little, or are too small for those who come."""
