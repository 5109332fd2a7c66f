"""What stations should be set to, what they are set to, and bringing the two together."""
