"""Planning how documents reach their customers, and noting what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoices.delivery_models import (
    Delivery,
    DeliveryState,
    DeliveryWay,
    FileKind,
    InvoiceFile,
)
from billing.invoices.models import Invoice, InvoiceKind
from core.audit.services import current_actor, record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id

PLANNED_WITHIN: Final = timedelta(days=14)
"""Older documents are never sent by themselves: switching sending on floods nobody."""
MOST_ADDRESSES: Final = 10


def plan_due(*, now: datetime, limit: int = 200) -> int:
    """Plan the first delivery of documents whose files are there; returns how many."""
    planned = Delivery.objects.filter(invoice=OuterRef("invoice"), is_planned=True)
    rows = (
        InvoiceFile.objects.filter(
            kind=FileKind.PDF, created_at__gte=now - PLANNED_WITHIN,
            invoice__issued_at__gte=now - PLANNED_WITHIN,
        )
        .exclude(path="")
        .exclude(Exists(planned))
        .select_related("invoice")
        .order_by("pk")[:limit]
    )  # fmt: skip
    invoices = [row.invoice for row in rows]
    with_ubl = set(
        InvoiceFile.objects.filter(invoice__in=invoices, kind=FileKind.UBL)
        .exclude(path="")
        .values_list("invoice_id", flat=True)
    )
    Delivery.objects.bulk_create(
        [_planned(one, has_ubl=one.pk in with_ubl, now=now) for one in invoices],
        ignore_conflicts=True,
    )
    return len(invoices)


def _planned(invoice: Invoice, *, has_ubl: bool, now: datetime) -> Delivery:
    way, addresses = way_of(invoice, has_ubl=has_ubl)
    return Delivery(
        operator_id=invoice.operator_id,
        public_id=public_id("dlv"),
        invoice=invoice,
        way=way,
        addresses=addresses,
        is_planned=True,
        next_at=now,
        created_at=now,
    )


def way_of(invoice: Invoice, *, has_ubl: bool) -> tuple[DeliveryWay, list[str]]:
    """Peppol where there is an e-invoice, else e-mail, else paper."""
    customer = customer_of(invoice)
    if has_ubl:
        address = str(customer.get("peppol_address", ""))
        if settings.PEPPOL_FOLDER:
            return DeliveryWay.PEPPOL_FOLDER, [address]
        if settings.PEPPOL_EMAIL:
            return DeliveryWay.PEPPOL_EMAIL, [settings.PEPPOL_EMAIL]
        return DeliveryWay.DOWNLOAD, [address]
    emails = emails_of(invoice)
    return (DeliveryWay.EMAIL, emails) if emails else (DeliveryWay.PRINT, [])


def customer_of(invoice: Invoice) -> dict[str, Any]:
    """Who gets the document: the buyer; of self-billing the seller, for whom it was made."""
    snapshot: dict[str, Any] = (
        invoice.seller_snapshot
        if invoice.kind == InvoiceKind.SELF_BILLING
        else invoice.buyer_snapshot
    )
    return snapshot


def emails_of(invoice: Invoice) -> list[str]:
    """The addresses that the customer wanted invoices at."""
    customer = customer_of(invoice)
    return list(customer.get("emails") or filter(None, [customer.get("email", "")]))


@transaction.atomic
def send_again(
    *, invoice: Invoice, way: str, addresses: Sequence[str] = (), reason: str = ""
) -> Delivery:
    """Queue another delivery; refuses drafts, documents without the file, and wrong addresses."""
    if way not in DeliveryWay.values:
        raise InvalidInput("way", _("There is no such way of delivery."), field="way")
    kind = FileKind.PDF if way in (DeliveryWay.EMAIL, DeliveryWay.PRINT) else FileKind.UBL
    if not InvoiceFile.objects.filter(invoice=invoice, kind=kind).exclude(path="").exists():
        raise RuleViolation("no_file", _("This document has no such file yet."), field="way")
    found = _addresses(invoice, way, addresses)
    delivery: Delivery = Delivery.objects.create(
        operator_id=invoice.operator_id,
        public_id=public_id("dlv"),
        invoice=invoice,
        way=way,
        addresses=found,
        requested_label=current_actor.get().label[:200],
    )
    record(
        "invoice.send",
        invoice,
        operator_id=invoice.operator_id,
        after={"way": way, "addresses": found, "delivery": delivery.public_id},
        reason=reason,
    )
    return delivery


def _addresses(invoice: Invoice, way: str, given: Sequence[str]) -> list[str]:
    if way == DeliveryWay.PEPPOL_FOLDER and not settings.PEPPOL_FOLDER:
        raise RuleViolation("no_folder", _("This installation has no Peppol folder."), field="way")
    if way == DeliveryWay.PEPPOL_EMAIL:
        if not settings.PEPPOL_EMAIL:
            raise RuleViolation(
                "no_peppol_email", _("This installation has no address for Peppol."), field="way"
            )
        return [settings.PEPPOL_EMAIL]
    if way != DeliveryWay.EMAIL:
        return []
    found = list(dict.fromkeys(given)) or emails_of(invoice)
    if not 0 < len(found) <= MOST_ADDRESSES:
        raise InvalidInput("addresses", _("Give one to ten e-mail addresses."), field="addresses")
    for one in found:
        try:
            validate_email(one)
        except ValidationError as error:
            raise InvalidInput(
                "addresses", _("%(text)s is no e-mail address.") % {"text": one[:80]},
                field="addresses",
            ) from error  # fmt: skip
    return found


@transaction.atomic
def mark_done(*, delivery: Delivery, now: datetime | None = None) -> Delivery:
    """Note that what was printed is posted, or what was fetched is handed over."""
    changed = Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.QUEUED,
        way__in=[DeliveryWay.PRINT, DeliveryWay.DOWNLOAD],
    ).update(state=DeliveryState.SENT, sent_at=now or timezone.now())  # fmt: skip
    if not changed:
        raise RuleViolation("nothing_changes", _("Nothing waits to be handed over here."))
    delivery.refresh_from_db()
    note_sent(delivery)
    record(
        "invoice.delivered",
        delivery.invoice,
        operator_id=delivery.operator_id,
        after={"way": delivery.way, "delivery": delivery.public_id},
    )
    return delivery


def note_sent(delivery: Delivery) -> None:
    """The document itself says when it was first handed over."""
    Invoice.objects.filter(pk=delivery.invoice_id, sent_at=None).update(sent_at=delivery.sent_at)


@transaction.atomic
def note_bounce(*, delivery: Delivery, error: str) -> Delivery:
    """A mail came back; noted once, and the delivery is among the failed ones."""
    text = " ".join(error.replace("\x00", "").split())[:500] or "bounced"
    changed = Delivery.objects.filter(
        pk=delivery.pk, way__in=[DeliveryWay.EMAIL, DeliveryWay.PEPPOL_EMAIL],
        state__in=[DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.FAILED],
    ).update(state=DeliveryState.BOUNCED, error=text)  # fmt: skip
    if not changed:
        raise RuleViolation("nothing_changes", _("This was not sent, or came back before."))
    delivery.refresh_from_db()
    record(
        "invoice.bounced",
        delivery.invoice,
        operator_id=delivery.operator_id,
        after={"delivery": delivery.public_id, "error": text},
    )
    return delivery
