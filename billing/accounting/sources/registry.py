"""Every kind of rows that is booked, in the order in which they are."""

from __future__ import annotations

from typing import Final

from billing.accounting.sources.cards import CardPayouts, FailedCardPayouts
from billing.accounting.sources.invoices import Invoices
from billing.accounting.sources.payments import (
    Allocations,
    Claims,
    Identified,
    Payments,
    Refunds,
    Waivers,
)
from billing.accounting.sources.settlement import HostPayouts, Statements
from billing.accounting.sources.source import Source
from billing.accounting.sources.write_offs import WriteOffs

SOURCES: Final[tuple[Source, ...]] = (
    Invoices(),
    Claims(),
    Payments(),
    Identified(),
    Allocations(),
    Waivers(),
    Refunds(),
    WriteOffs(),
    Statements(),
    HostPayouts(),
    CardPayouts(),
    FailedCardPayouts(),
)
