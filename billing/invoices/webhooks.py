"""Events of invoices, put down in the transaction in which they happen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from core.webhooks.outbox import publish
from core.webhooks.sources import EventKind, NetworkEvent

ISSUED: Final = "invoice.issued"
PAID: Final = "invoice.paid"
CREDITED: Final = "invoice.credited"


class InvoiceEvents:
    """Invoices that are issued, paid and credited."""

    name = "invoices"
    kinds = (
        EventKind(ISSUED, _("Invoice issued")),
        EventKind(PAID, _("Invoice paid")),
        EventKind(CREDITED, _("Invoice credited")),
    )

    def events(
        self, *, since: datetime, operators: Collection[int], kinds: Collection[str]
    ) -> Iterable[NetworkEvent]:
        """None: they are put down as they happen."""
        return ()


def tell_issued(invoices: Sequence[Invoice], *, now: datetime) -> None:
    """Put down that invoices were issued."""
    publish([_event(one, ISSUED, now, {"invoice": _data(one)}) for one in invoices])


def tell_paid(invoice: Invoice, *, now: datetime) -> None:
    """Put down that nothing is open any more; once more if a payment was reversed between."""
    publish([_event(invoice, PAID, now, {"invoice": _data(invoice)}, f":{now.isoformat()}")])


def tell_credited(original: Invoice, note: Invoice, *, now: datetime) -> None:
    """Put down that a credit note was issued for an invoice."""
    data = {"invoice": _data(original), "credit_note": _data(note)}
    publish([_event(note, CREDITED, now, data)])


def _event(
    invoice: Invoice, kind: str, now: datetime, data: dict[str, Any], more: str = ""
) -> NetworkEvent:
    return NetworkEvent(
        operator_id=invoice.operator_id,
        kind=kind,
        key=f"{kind}:{invoice.public_id}{more}",
        happened_at=now,
        recorded_at=now,
        data=data,
    )


def _data(invoice: Invoice) -> dict[str, Any]:
    return {
        "id": invoice.public_id,
        "kind": invoice.kind,
        "state": invoice.state,
        "number": invoice.number,
        "account": invoice.buyer_snapshot.get("id"),
        "seller": invoice.seller_snapshot.get("id"),
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "currency": invoice.currency,
        "net": invoice.net,
        "tax": invoice.tax,
        "gross": invoice.gross,
        "payable": invoice.payable,
        "open_amount": invoice.open_amount,
        "ocr": invoice.ocr,
    }
