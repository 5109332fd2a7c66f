"""Putting right what a session cost: the route is told by where its money stands."""
