"""Which account and which tariff a session gets, and why."""
