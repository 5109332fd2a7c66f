"""Outages, exclusions and uptime of EVSEs, from what the journals tell."""
