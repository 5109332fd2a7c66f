"""Writing work orders: opening, changing, assigning, and each step of their life."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Membership, Operator
from core.accounts.permissions import Permission, allowed
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.tenancy.places import limited_to
from stations.hardware.models import Evse, Station
from stations.maintenance import lifecycle, log
from stations.maintenance.agreements import agreement_for, terms_of
from stations.maintenance.checklists import copy_checklist
from stations.maintenance.incident_notes import end_incident, note_order
from stations.maintenance.models import (
    ClockPause,
    EntryKind,
    OrderEntry,
    OrderState,
    PauseReason,
    WorkOrder,
)
from stations.maintenance.partner_models import Partner, PartnerMember
from stations.maintenance.timing import end_pause, set_due
from stations.maintenance.work_models import OrderCheck
from stations.sites.models import Site

_PAUSES: Final = {
    lifecycle.WAITING_PART: PauseReason.PART,
    lifecycle.WAITING_UTILITY: PauseReason.UTILITY,
}
_TERMS: Final = frozenset({"priority", "partner", "agreement"})


@transaction.atomic
def open_order(
    *,
    operator: Operator,
    site: Site,
    title: str,
    station: Station | None = None,
    evse: Evse | None = None,
    partner: Partner | None = None,
    assignee: Membership | None = None,
    **values: Any,
) -> WorkOrder:
    """Make an order with the next number of the operator; the agreement that covers the site
    starts its clocks, and its partner gets it where none is named and it still works.

    Refuses a station of another site, an EVSE of another station, a partner that does no work on
    site, and a person who may not do it.
    """
    _check_place(site, station, evse)
    if evse is not None:
        station = evse.station
    Operator.objects.select_for_update(no_key=True).get(pk=operator.pk)
    with limited_to(None):  # numbers are the operator's, wherever the member may look
        last = WorkOrder.objects.filter(operator=operator).aggregate(n=Max("number"))["n"] or 0
    now = values.pop("opened_at", None) or timezone.now()
    order = WorkOrder(
        operator=operator,
        public_id=public_id("wo"),
        number=last + 1,
        site=site,
        station=station,
        evse=evse,
        title=title.strip(),
        partner=partner,
        assignee=assignee,
        opened_at=now,
        opened_by=log.who(),
        **values,
    )
    _agree(order, now)
    _check_people(order)
    order.full_clean(exclude=["operator"])
    order.save()
    set_due(order, now)
    copy_checklist(order, station)
    log.write(order, EntryKind.OPENED, now, order.title)
    note_order(order, now)
    record("order.open", order, operator_id=operator.pk, after=described(order))
    return order


@transaction.atomic
def change_order(*, order: WorkOrder, reason: str = "", **values: Any) -> WorkOrder:
    """Change what is given of an open order; another priority or partner is judged by the
    agreement that holds for it, from the order's opening on."""
    held = locked(order)
    _refuse_closed(held)
    _settle_cost(held, values)
    before, after = apply_changes(held, values)
    if not after:
        return held
    _check_place(held.site, held.station, held.evse)
    if _TERMS & set(after):
        _agree(held, held.opened_at)
    _check_people(held)
    held.full_clean(exclude=["operator"])
    held.save()
    set_due(held, timezone.now())
    log.write(held, _kind_of(after), timezone.now(), ", ".join(_words(held, after)))
    _record("order.change", held, before, after, reason)
    return held


@transaction.atomic
def set_state(
    *,
    order: WorkOrder,
    state: str,
    text: str = "",
    at: datetime | None = None,
) -> WorkOrder:
    """Take the next step of an order's life. The same step again changes nothing.

    Refuses a step that may not follow, a cancelling without a reason, and a repair without what
    was done or with points of the checklist that must be done.
    """
    held = locked(order)
    now = at or timezone.now()
    if held.state == state:
        return held
    if held.state == lifecycle.CLOSED or not lifecycle.may_follow(held.state, state):
        raise RuleViolation(
            "order_step",
            _("An order that is “%(state)s” cannot become “%(next)s”.")
            % {"state": held.get_state_display(), "next": OrderState(state).label},
        )
    _check_step(held, state, text)
    before = held.state
    _take(held, state, now, text)
    held.save()
    set_due(held, now)
    log.write(held, EntryKind.STATE, now, text, state)
    _record("order.state", held, {"state": before}, {"state": state}, text)
    if state == lifecycle.VERIFIED:
        end_incident(held, now)
    return held


@transaction.atomic
def reopen(*, order: WorkOrder, reason: str, at: datetime | None = None) -> WorkOrder:
    """Open a closed order again within fourteen days: the repair did not last, and no first-time
    fix is counted. Its clocks go on from where they stood."""
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
    held = locked(order)
    now = at or timezone.now()
    if held.state != lifecycle.CLOSED or not lifecycle.may_reopen(held.closed_at, now):
        raise RuleViolation(
            "order_reopen",
            _("An order is opened again within fourteen days after it was closed; make a new one."),
        )
    closed_at, repaired_at = held.closed_at, held.repaired_at
    ClockPause.objects.create(
        operator_id=held.operator_id,
        order=held,
        reason=PauseReason.REPAIRED,
        began_at=max(repaired_at or now, held.opened_at),
        ended_at=now,
        by_label=log.who(),
    )
    held.state, held.reopened = OrderState.TRIAGED, held.reopened + 1
    held.closed_at = held.repaired_at = held.verified_at = None
    held.save()
    set_due(held, now)
    log.write(held, EntryKind.STATE, now, reason, OrderState.TRIAGED)
    _record("order.reopen", held, {"closed_at": closed_at}, {"reopened": held.reopened}, reason)
    return held


@transaction.atomic
def add_note(*, order: WorkOrder, text: str) -> OrderEntry:
    """A line in the order's log; refuses an empty one."""
    if not text.strip():
        raise InvalidInput("text_missing", _("Write something."), field="text")
    return log.write(order, EntryKind.NOTE, timezone.now(), text.strip())


def locked(order: WorkOrder) -> WorkOrder:
    """The row as it is now, held until the transaction ends."""
    row: WorkOrder = (
        WorkOrder.objects.select_for_update(of=("self",))
        .select_related("site", "station", "evse", "partner", "agreement", "assignee", "incident")
        .get(pk=order.pk)
    )
    return row


def described(order: WorkOrder) -> dict[str, Any]:
    """An order for the audit trail."""
    return {
        "number": order.number,
        "kind": order.kind,
        "priority": order.priority,
        "site": order.site.name,
        "station": str(order.station or ""),
        "partner": str(order.partner or ""),
        "agreement": str(order.agreement or ""),
        "source": order.source_ref or order.source,
    }


def _settle_cost(order: WorkOrder, values: dict[str, Any]) -> None:
    """A cost has a currency, and a currency alone changes that of the cost that is there."""
    if "cost_amount" in values:
        given = values["cost_amount"]
        values["cost_currency"] = "" if given is None else values.get("cost_currency") or "SEK"
    elif values.get("cost_currency") and order.cost_amount is None:
        raise InvalidInput(
            "cost_missing", _("A currency needs a cost beside it."), field="cost_currency"
        )
    elif "cost_currency" in values and not values["cost_currency"]:
        values.pop("cost_currency")


def _agree(order: WorkOrder, at: datetime) -> None:
    """The agreement that covers it, its terms and its partner."""
    on = at.astimezone(ZoneInfo(order.site.time_zone)).date()
    order.agreement = agreement_for(order.site, on, order.priority, order.partner)
    order.terms = terms_of(order.agreement, order.priority)
    promised = order.agreement.partner if order.agreement is not None else None
    if order.partner is None and order.assignee is None and promised is not None:
        order.partner = promised if promised.works else None


def _take(order: WorkOrder, state: str, now: datetime, text: str) -> None:
    if order.state in lifecycle.PAUSING:
        end_pause(order, now)
    order.state = state
    if state == lifecycle.ON_SITE:
        order.responded_at = order.responded_at or now
        order.visits += 1
        order.repaired_at = order.verified_at = None
    elif state in _PAUSES and not ClockPause.objects.filter(order=order, ended_at=None).exists():
        ClockPause.objects.create(
            operator_id=order.operator_id,
            order=order,
            reason=_PAUSES[state],
            began_at=now,
            by_label=log.who(),
        )
    elif state == lifecycle.REPAIRED:
        order.repaired_at, order.resolution = now, text.strip() or order.resolution
    elif state == lifecycle.VERIFIED:
        order.verified_at = now
    elif state in (lifecycle.CLOSED, lifecycle.CANCELLED):
        order.closed_at = now
    if state not in _PAUSES and state in (lifecycle.REPAIRED, lifecycle.CANCELLED):
        end_pause(order, now)


def _check_step(order: WorkOrder, state: str, text: str) -> None:
    if state == lifecycle.CANCELLED and not text.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="text")
    if state != lifecycle.REPAIRED:
        return
    if not (text.strip() or order.resolution):
        raise InvalidInput("text_missing", _("Say what was done."), field="text")
    left = OrderCheck.objects.filter(order=order, is_required=True, result="").first()
    if left is not None:
        raise RuleViolation(
            "check_open", _("A point of the checklist is open: %(point)s") % {"point": left.text}
        )


def _check_place(site: Site, station: Station | None, evse: Evse | None) -> None:
    if station is not None and station.site_id != site.pk:
        raise InvalidInput(
            "station_elsewhere", _("This station stands at another site."), field="station"
        )
    if evse is not None and (
        evse.station.site_id != site.pk if station is None else evse.station_id != station.pk
    ):
        raise InvalidInput(
            "evse_elsewhere", _("This EVSE belongs to another station."), field="evse"
        )


def _check_people(order: WorkOrder) -> None:
    partner, person = order.partner, order.assignee
    if partner is not None and not partner.works:
        raise InvalidInput("partner", _("This partner does no work on site."), field="partner")
    if person is None:
        return
    if not person.is_active or not allowed(person.role, Permission.ORDER_WORK):
        raise InvalidInput("assignee", _("This person does no work orders."), field="assignee")
    own = PartnerMember.objects.filter(membership=person).first()
    if (own.partner_id if own else None) != (partner.pk if partner and own else None):
        raise InvalidInput("assignee", _("This person works for somebody else."), field="assignee")


def _refuse_closed(order: WorkOrder) -> None:
    if not order.is_open:
        raise RuleViolation("order_closed", _("The order is closed."))


def _kind_of(after: dict[str, Any]) -> EntryKind:
    """Whoever gets an order is told that, day and all; whoever has it is told of another day, not
    again that it is theirs."""
    if not {"partner", "assignee"}.isdisjoint(after):
        return EntryKind.ASSIGNED
    return EntryKind.RESCHEDULED if "scheduled_at" in after else EntryKind.CHANGED


def _words(order: WorkOrder, after: dict[str, Any]) -> list[str]:
    return [f"{order._meta.get_field(name).verbose_name}: {value or '–'}"[:300]  # type: ignore[union-attr]  # fields have words
            for name, value in after.items()]  # fmt: skip


def _record(
    verb: str, order: WorkOrder, before: dict[str, Any], after: dict[str, Any], reason: str
) -> None:
    record(
        verb, order, operator_id=order.operator_id, before=before, after=after, reason=reason[:500]
    )
