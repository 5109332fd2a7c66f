"""An issued invoice or credit note as a document: what PDF and e-invoice are made of (pure).

Amounts of a credit note are positive: they say what is given back. A document that does not add
up cannot be made; the checks stand in document_checks.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from billing.invoices.document_checks import check_document
from billing.invoices.document_parts import (
    Group,
    Line,
    Original,
    Party,
    Payment,
    SpecificationGroup,
    TaxTotal,
    Totals,
)

Kind = Literal["invoice", "credit_note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An invoice or credit note. Raises DocumentError on construction when it cannot be right.

    ``supply_from`` and ``supply_to`` are the first and last day of what was delivered.
    ``late_interest_percent`` is added to the reference rate; empty: as the law says.
    """

    kind: Kind
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    seller: Party
    buyer: Party
    groups: tuple[Group, ...]
    taxes: tuple[TaxTotal, ...]
    totals: Totals
    payment: Payment
    supply_from: date | None = None
    supply_to: date | None = None
    payment_terms_days: int | None = None
    late_interest_percent: str = ""
    buyer_reference: str = ""
    order_number: str = ""
    contract_number: str = ""
    is_self_billed: bool = False
    original: Original | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()
    specification: tuple[SpecificationGroup, ...] = ()

    def __post_init__(self) -> None:
        check_document(self)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all groups, in order."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def is_credit_note(self) -> bool:
        """Whether this gives back instead of asking for money."""
        return self.kind == "credit_note"
