"""What stations send, and the sessions it must become; open for others to use."""
