"""Charge points that speak OCPP 2.0.1."""
