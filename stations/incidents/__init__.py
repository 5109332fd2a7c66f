"""Incidents: something is wrong in the network, since when, who has it, and how it ended."""
