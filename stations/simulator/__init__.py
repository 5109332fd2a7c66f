"""Charge points for demos, tests and measurements, on the client side of the ocpp package."""
