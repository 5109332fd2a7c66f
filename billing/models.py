"""Aggregator: the tables of the billing app."""

__all__: list[str] = []
