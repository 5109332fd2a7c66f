"""Events of statements, put down in the transaction in which they happen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from billing.settlement.models import Statement
from core.webhooks.outbox import publish
from core.webhooks.sources import EventKind, NetworkEvent

ISSUED: Final = "statement.issued"
PAID: Final = "statement.paid"


class StatementEvents:
    """Statements of hosts that are issued and paid."""

    name = "statements"
    kinds = (
        EventKind(ISSUED, _("Statement of a host issued")),
        EventKind(PAID, _("Statement of a host paid")),
    )

    def events(
        self, *, since: datetime, operators: Collection[int], kinds: Collection[str]
    ) -> Iterable[NetworkEvent]:
        """None: they are put down as they happen."""
        return ()


def tell(kind: str, statements: Iterable[Statement], *, now: datetime) -> None:
    """Put down that statements were issued, or paid."""
    publish([
        NetworkEvent(
            operator_id=one.operator_id,
            kind=kind,
            key=f"{kind}:{one.public_id}",
            happened_at=now,
            recorded_at=now,
            data={"statement": _data(one)},
        )
        for one in statements
    ])  # fmt: skip


def _data(one: Statement) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "site": one.site.public_id,
        "host": one.host.public_id,
        "route": one.route,
        "state": one.shown_state,
        "period_from_on": one.period_from_on,
        "period_until_on": one.period_until_on,
        "currency": one.currency,
        "net": one.net,
        "tax": one.tax,
        "gross": one.gross,
        "fee_net": one.fee_net,
        "invoice": one.invoice.public_id if one.invoice else None,
        "paid_on": one.paid_on,
    }
