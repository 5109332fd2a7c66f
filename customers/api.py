"""Aggregator: the REST addresses of customers."""

from __future__ import annotations

from customers.tokens.api import urls as token_urls

urls = [*token_urls]
