"""Charge points that speak OCPP 1.6."""
