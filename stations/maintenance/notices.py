"""What people are told of work orders: made, given to them, short of time, repaired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission, Role
from core.notifications.events import EventKind, Occurrence, Search
from stations.maintenance import lifecycle
from stations.maintenance.escalation_models import ClockName, SlaWarning, Stage
from stations.maintenance.models import EntryKind, OrderEntry, WorkOrder

_ON_DUTY: Final = frozenset({Role.CONTROL_ROOM})
_GIVEN: Final = (EntryKind.OPENED, EntryKind.ASSIGNED)


def _params(order: WorkOrder) -> dict[str, Any]:
    return {
        "order": str(order),
        "priority": order.priority,
        "site": order.site.name,
        "partner": str(order.partner or ""),
        "day": _day(order),
    }


def _day(order: WorkOrder) -> str:
    """When somebody comes, by the clock of the site."""
    if order.scheduled_at is None:
        return ""
    return timezone.localtime(order.scheduled_at, ZoneInfo(order.site.time_zone)).strftime(
        "%Y-%m-%d %H:%M"
    )


def _entries(
    chosen: Callable[[OrderEntry], bool], page: str = "order_detail", *, own: bool = False
) -> Callable[[Search], Iterator[Occurrence]]:
    """Lines of the logs of orders; ``own``: told to the technician who has the order alone."""

    def find(search: Search) -> Iterator[Occurrence]:
        rows = OrderEntry.objects.filter(
            operator=search.operator, at__gt=search.since, at__lte=search.until
        ).select_related("order__site", "order__partner", "order__assignee")
        lines = [line for line in rows.order_by("at", "id") if chosen(line)]
        if own:  # the last one who got it
            lines = list({line.order_id: line for line in lines if line.order.assignee}.values())
        for line in lines:
            order = line.order
            yield Occurrence(
                key=f"{order.pk}:{line.pk}",
                happened_at=line.at,
                params=_params(order) | {"by": line.author_label},
                url=reverse(page, args=[order.public_id]),
                place_id=order.site_id,
                person_id=order.assignee.user_id if own and order.assignee else None,
            )

    return find


def find_warnings(search: Search) -> Iterator[Occurrence]:
    """Stages that clocks reached; of several in one turn the last."""
    rows = SlaWarning.objects.filter(
        operator=search.operator, at__gt=search.since, at__lte=search.until
    ).select_related("order__site", "order__partner")
    last = {(one.order_id, one.clock, one.at): one for one in rows.order_by("stage")}
    for one in last.values():
        yield Occurrence(
            key=f"{one.order_id}:{one.clock}:{one.stage}",
            happened_at=one.at,
            params=_params(one.order) | {"clock": one.clock, "stage": one.stage},
            url=reverse("order_detail", args=[one.order.public_id]),
            place_id=one.order.site_id,
        )


def _opened(params: Mapping[str, Any]) -> str:
    return _("%(priority)s %(order)s at %(site)s, made by %(by)s.") % params


def _assigned(params: Mapping[str, Any]) -> str:
    return _("It is yours now: %(priority)s %(order)s at %(site)s.") % params


def _rescheduled(params: Mapping[str, Any]) -> str:
    if not params["day"]:
        return _("No day is set any more: %(priority)s %(order)s at %(site)s.") % params
    return _("Another day: %(priority)s %(order)s at %(site)s, %(day)s.") % params


def _warned(params: Mapping[str, Any]) -> str:
    return _("%(order)s at %(site)s, %(clock)s: %(stage)s.") % {
        **params,
        "clock": ClockName(params["clock"]).label,
        "stage": Stage(params["stage"]).label,
    }


def _repaired(params: Mapping[str, Any]) -> str:
    return _("%(order)s at %(site)s has been repaired by %(by)s.") % params


def events() -> list[EventKind]:
    """Five moments in the life of an order."""
    works = frozenset({Role.PARTNER, Role.TECHNICIAN, Role.CONTROL_ROOM})
    return [
        EventKind(
            name="order.opened",
            label=gettext_lazy("Work order made"),
            permission=Permission.ORDER_VIEW,
            find=_entries(lambda line: line.kind == EntryKind.OPENED),
            words=_opened,
            defaults={"page": frozenset({Role.CONTROL_ROOM, Role.TECHNICIAN})},
        ),
        EventKind(
            name="order.assigned",
            label=gettext_lazy("Work order given to you"),
            permission=Permission.ORDER_WORK,
            find=_entries(lambda line: line.kind in _GIVEN, "field_detail", own=True),
            words=_assigned,
            defaults={"page": works, "email": works},
        ),
        EventKind(
            name="order.rescheduled",
            label=gettext_lazy("Another day for your work order"),
            permission=Permission.ORDER_WORK,
            find=_entries(
                lambda line: line.kind == EntryKind.RESCHEDULED, "field_detail", own=True
            ),
            words=_rescheduled,
            defaults={"page": works, "email": works},
        ),
        EventKind(
            name="order.warning",
            label=gettext_lazy("A promised time runs out"),
            permission=Permission.ORDER_VIEW,
            find=find_warnings,
            words=_warned,
            defaults={"page": _ON_DUTY, "email": _ON_DUTY},
        ),
        EventKind(
            name="order.repaired",
            label=gettext_lazy("Work order repaired"),
            permission=Permission.ORDER_VIEW,
            find=_entries(lambda line: line.state == lifecycle.REPAIRED),
            words=_repaired,
            defaults={"page": _ON_DUTY},
        ),
    ]
