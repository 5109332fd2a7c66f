"""OCPP: the bridge, its readers and handlers, what they write."""
