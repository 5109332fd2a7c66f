"""Stations, EVSEs and connectors, with their state and journals."""
