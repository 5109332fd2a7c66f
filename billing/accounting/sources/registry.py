"""Every kind of rows that is booked, in the order in which they are."""

from __future__ import annotations

from typing import Final

from billing.accounting.sources.invoices import Invoices
from billing.accounting.sources.source import Source

SOURCES: Final[tuple[Source, ...]] = (Invoices(),)
