"""What is owed to hosts, and what of it is paid out or carried over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from billing.sellers.models import Seller
from billing.settlement.models import Statement
from billing.settlement.set_off import OpenFee, open_fees, within


@dataclass(frozen=True, slots=True)
class HostBalance:
    """What one seller owes one host in a currency. ``minimum``: that of the latest statement.
    ``fees``: what the host owes that is set off against it."""

    seller: Seller
    host: Seller
    currency: str
    statements: tuple[Statement, ...]
    fees: tuple[OpenFee, ...] = ()

    @property
    def amount(self) -> Decimal:
        """The sum."""
        return sum((one.gross for one in self.statements), Decimal(0))

    @property
    def set_off(self) -> Decimal:
        """What the host's fees take off it."""
        return sum((one.amount for one in self.fees), Decimal(0))

    @property
    def to_pay(self) -> Decimal:
        """What goes out."""
        return self.amount - self.set_off

    @property
    def minimum(self) -> Decimal:
        """The least payout that was agreed."""
        return self.statements[-1].minimum_payout_amount

    @property
    def has_account(self) -> bool:
        """Whether it is known where the money goes."""
        return bool(self.host.iban or self.host.bankgiro)

    @property
    def why_not(self) -> str:
        """Why nothing is paid out: ``below_minimum``, ``no_account``; empty: it is."""
        if not self.to_pay:
            return ""
        if self.to_pay < self.minimum:
            return "below_minimum"
        return "" if self.has_account else "no_account"


def unpaid(seller: Seller | None = None) -> QuerySet[Statement]:
    """Statements that are owed and in no payment, the oldest first."""
    rows: QuerySet[Statement] = Statement.objects.filter(
        owed_on__isnull=False, payout=None
    ).select_related("seller", "host", "site", "invoice")
    if seller is not None:
        rows = rows.filter(seller=seller)
    return rows.order_by("host__name", "host_id", "seller_id", "currency", "period_until_on", "pk")


def balances(rows: Sequence[Statement]) -> list[HostBalance]:
    """The statements by host, seller and currency, in their order, with what is set off."""
    found: dict[tuple[int, int, str], list[Statement]] = {}
    for row in rows:
        found.setdefault((row.host_id, row.seller_id, row.currency), []).append(row)
    fees = open_fees({host for host, _seller, _currency in found})
    return [
        HostBalance(
            own[0].seller,
            own[0].host,
            own[0].currency,
            tuple(own),
            within(fees.get(key, ()), sum((one.gross for one in own), Decimal(0))),
        )
        for key, own in found.items()
    ]
