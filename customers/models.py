"""Aggregator: the tables of the customers app."""

from customers.tokens.models import IdToken

__all__ = ["IdToken"]
