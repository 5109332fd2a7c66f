"""Outgoing webhooks: what happens in the network, told to addresses of an operator's choice.

Rooms of upper floors are the sources (setting WEBHOOK_SOURCES); this room knows only that events
have a kind, a key and data. Deliveries are signed as the Standard Webhooks say.
"""
