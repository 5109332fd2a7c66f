"""Warranty claims: making one in time, and each step until it is settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.money import is_currency, round_money
from core.tenancy.places import limited_to
from stations.hardware.models import Station
from stations.incidents.models import Incident
from stations.maintenance.log import who
from stations.maintenance.models import WorkOrder
from stations.maintenance.warranties import day_at, holds, warranty_of
from stations.maintenance.warranty_models import (
    ClaimOrder,
    ClaimState,
    StationWarranty,
    WarrantyClaim,
)
from stations.maintenance.work_models import PartUsed

S = ClaimState
NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    S.DRAFT: (S.SENT,),
    S.SENT: (S.ACCEPTED, S.REFUSED),
    S.REFUSED: (S.SENT,),
    S.ACCEPTED: (S.SETTLED,),
    S.SETTLED: (),
}
"""A refused claim may be sent again; money ends one that was accepted."""
OPEN: Final = (S.DRAFT, S.SENT, S.ACCEPTED)
WRITTEN: Final = ("serial_number", "fault_codes", "description", "claimed_amount", "currency")
"""What may be changed until it is sent (again)."""


def claims() -> QuerySet[WarrantyClaim]:
    """All claims of the operator and the places in scope, the latest first."""
    rows: QuerySet[WarrantyClaim] = WarrantyClaim.objects.select_related(
        "operator", "station__site", "supplier", "incident"
    ).prefetch_related("order_links__order")
    return rows.order_by("-number", "-id")


def parts_of(claim: WarrantyClaim) -> QuerySet[PartUsed]:
    """Parts of the claim's work orders."""
    rows: QuerySet[PartUsed] = PartUsed.objects.filter(order__claim_links__claim=claim)
    return rows.select_related("order").order_by("order_id", "added_at", "id")


def begun(station: Station, incident: Incident | None, orders: list[WorkOrder]) -> dict[str, Any]:
    """What is known before anybody writes: serial number, fault codes, what was done, currency."""
    done = [f"{one.number}: {one.resolution or one.title}" for one in orders]
    return {
        "serial_number": station.serial_number,
        "fault_codes": _codes(incident, orders),
        "description": "\n".join(done)[:4000],
        "currency": station.operator.currency,
    }


@transaction.atomic
def make_claim(
    *,
    station: Station,
    incident: Incident | None = None,
    orders: Iterable[WorkOrder] = (),
    **values: Any,
) -> WarrantyClaim:
    """Make the draft of a claim with what is known: hardware, fault codes, when it failed.

    Refuses a station without a supplier and a warranty, a fault after its end, and an incident or
    orders of another station.
    """
    own = list(orders)
    _check_place(station, incident, own)
    warranty = _warranty(station)
    moments = [one.opened_at for one in own]
    moments += [incident.first_symptom_at] if incident else []
    failed_on, ends_on = day_at(station, min(moments, default=timezone.now())), warranty.ends_on
    if ends_on is None or not holds(warranty, failed_on):
        raise RuleViolation(
            "warranty_over",
            _("The warranty ended on %(day)s, before it failed.") % {"day": ends_on},
        )
    operator = Operator.objects.select_for_update(no_key=True).get(pk=station.operator_id)
    with limited_to(None):  # numbers are the operator's, wherever the member may look
        rows = WarrantyClaim.objects.filter(operator=operator)
        last = rows.aggregate(n=Max("number"))["n"] or 0
    claim = WarrantyClaim(
        operator=operator,
        public_id=public_id("wc"),
        number=last + 1,
        station=station,
        supplier=warranty.supplier,
        incident=incident,
        vendor=station.vendor,
        model=station.model,
        firmware_version=station.firmware_version,
        failed_on=failed_on,
        warranty_ends_on=ends_on,
        made_by=who(),
        **{**begun(station, incident, own), **values},
    )
    _check(claim)
    claim.save()
    ClaimOrder.objects.bulk_create(
        [ClaimOrder(operator_id=operator.pk, claim=claim, order=one) for one in own]
    )
    after = {"station": str(station), "orders": [one.public_id for one in own]}
    record("warranty_claim.create", claim, operator_id=operator.pk, after=after)
    return claim


@transaction.atomic
def change_claim(
    *, claim: WarrantyClaim, orders: Iterable[WorkOrder] | None = None, **changes: Any
) -> WarrantyClaim:
    """Change a claim: the supplier's case number always, the rest until it is sent or once it was
    refused."""
    held = _locked(claim)
    before, after = apply_changes(held, changes)
    is_written = held.state in (S.DRAFT, S.REFUSED)
    if not is_written and (set(after) & set(WRITTEN) or orders is not None):
        raise RuleViolation("claim_sent", _("The claim has been sent: it stays as it is."))
    if orders is not None:
        before, after = before | {"orders": ""}, after | {"orders": _set_orders(held, orders)}
    _check(held)
    held.save()
    if after:
        _audit(held, "warranty_claim.change", before, after)
    return held


@transaction.atomic
def step_claim(
    *,
    claim: WarrantyClaim,
    state: str,
    answer: str = "",
    recovered_amount: Decimal | None = None,
) -> WarrantyClaim:
    """Take the next step. The supplier's answer is needed for a refusal, the money recovered
    (which may be nothing) to settle. Refuses a step that may not follow."""
    now = timezone.now()
    values: dict[str, Any] = {"state": state}
    if state == S.SENT:
        values |= {"sent_at": now, "decided_at": None}
    elif state in (S.ACCEPTED, S.REFUSED):
        values |= {"decided_at": now}
        if state == S.REFUSED and not answer.strip():
            raise InvalidInput("answer", _("Say what the supplier answered."), field="answer")
    elif state == S.SETTLED:
        if recovered_amount is None or recovered_amount < 0:
            raise InvalidInput(
                "recovered", _("Say what was recovered; 0 for a repair without money."),
                field="recovered_amount",
            )  # fmt: skip
        amount = round_money(recovered_amount, claim.currency)
        values |= {"settled_at": now, "recovered_amount": amount}
    if answer.strip():
        values["answer"] = answer.strip()[:1000]
    before = claim.state
    origins = [origin for origin, targets in NEXT.items() if state in targets]
    changed = WarrantyClaim.objects.filter(pk=claim.pk, state__in=origins).update(**values)
    if not changed:
        raise RuleViolation("claim_step", _("This step cannot be taken now."))
    claim.refresh_from_db()
    _audit(claim, "warranty_claim.step", {"state": before}, values)
    return claim


@transaction.atomic
def delete_claim(*, claim: WarrantyClaim, reason: str = "") -> None:
    """Delete a draft; what was sent stays."""
    held = _locked(claim)
    if held.state != S.DRAFT:
        raise RuleViolation("claim_sent", _("The claim has been sent: it stays as it is."))
    record(
        "warranty_claim.delete", held, operator_id=held.operator_id,
        before={"number": held.number, "station": str(held.station)}, reason=reason,
    )  # fmt: skip
    held.delete()


def _warranty(station: Station) -> StationWarranty:
    found = warranty_of(station)
    if found is None or found.ends_on is None:
        raise RuleViolation("no_warranty", _("No warranty is known for this station."))
    if found.supplier is None:
        raise RuleViolation("no_supplier", _("Nobody is entered as the station's supplier."))
    return found


def _check_place(station: Station, incident: Incident | None, orders: list[WorkOrder]) -> None:
    if incident is not None and incident.station_id != station.pk:
        raise InvalidInput("incident", _("The incident is of another station."), field="incident")
    if any(one.station_id != station.pk for one in orders):
        raise InvalidInput("orders", _("A work order is of another station."), field="orders")


def _codes(incident: Incident | None, orders: list[WorkOrder]) -> str:
    found = [incident.error_code] if incident else []
    for one in orders:
        found += one.fault_codes.replace(",", " ").split()
    return ", ".join(dict.fromkeys(filter(None, found)))[:200]


def _set_orders(claim: WarrantyClaim, orders: Iterable[WorkOrder]) -> list[str]:
    own = list(orders)
    _check_place(claim.station, None, own)
    ClaimOrder.objects.filter(claim=claim).delete()
    ClaimOrder.objects.bulk_create(
        [ClaimOrder(operator_id=claim.operator_id, claim=claim, order=one) for one in own]
    )
    return [one.public_id for one in own]


def _check(claim: WarrantyClaim) -> None:
    if not is_currency(claim.currency):
        raise InvalidInput("currency", _("This is no currency."), field="currency")
    if claim.claimed_amount is not None:
        if claim.claimed_amount < 0:
            raise InvalidInput("amount", _("Not below zero."), field="claimed_amount")
        claim.claimed_amount = round_money(claim.claimed_amount, claim.currency)
    claim.full_clean(exclude=["operator"])


def _locked(claim: WarrantyClaim) -> WarrantyClaim:
    rows = WarrantyClaim.objects.select_for_update(of=("self",))
    held: WarrantyClaim = rows.select_related("station__site").get(pk=claim.pk)
    return held


def _audit(
    claim: WarrantyClaim, verb: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    record(
        verb,
        claim,
        operator_id=claim.operator_id,
        before={name: str(value) for name, value in before.items()},
        after={name: str(value) for name, value in after.items()},
    )
