"""What people are told of incidents: opened, acknowledged, given to them, over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission, Role
from core.notifications.events import EventKind, Occurrence, Search
from stations.incidents.choices import EventKind as LineKind
from stations.incidents.choices import IncidentKind, Severity
from stations.incidents.models import IncidentEvent

_ON_DUTY: Final = frozenset({Role.CONTROL_ROOM, Role.TECHNICIAN})
_OPENED: Final = (LineKind.OPENED, LineKind.REOPENED)


def _found(*kinds: str) -> Callable[[Search], Iterator[Occurrence]]:
    """Lines of timelines of these kinds. Parts of another incident are told with that one."""

    def find(search: Search) -> Iterator[Occurrence]:
        rows = IncidentEvent.objects.filter(
            operator=search.operator,
            at__gt=search.since - search.delay,
            at__lte=search.until - search.delay,
            kind__in=kinds,
            incident__parent=None,
        ).select_related("incident__site", "incident__station", "incident__owner")
        for line in rows:
            incident = line.incident
            is_over_already = not incident.is_live and search.delay
            if is_over_already and line.kind in _OPENED:
                continue
            if line.kind == LineKind.ASSIGNED and incident.owner_id is None:
                continue
            yield Occurrence(
                key=f"{incident.pk}:{line.pk}",
                happened_at=line.at,
                params={
                    "kind": incident.kind,
                    "severity": incident.severity,
                    "where": str(incident.station or incident.site),
                    "site": incident.site.name,
                    "by": line.actor_label,
                },
                url=reverse("incident_detail", args=[incident.public_id]),
                place_id=incident.site_id,
                person_id=incident.owner_id if line.kind == LineKind.ASSIGNED else None,
            )

    return find


def _filled(params: Mapping[str, Any]) -> dict[str, Any]:
    return dict(params) | {
        "kind": dict(IncidentKind.choices).get(params["kind"], params["kind"]),
        "severity": str(dict(Severity.choices).get(params["severity"], "")).partition(" ")[0],
    }


def _opened(params: Mapping[str, Any]) -> str:
    return _("%(severity)s %(kind)s: %(where)s at %(site)s.") % _filled(params)


def _acknowledged(params: Mapping[str, Any]) -> str:
    return _("%(by)s has seen it: %(kind)s, %(where)s at %(site)s.") % _filled(params)


def _assigned(params: Mapping[str, Any]) -> str:
    return _("It is yours now: %(severity)s %(kind)s, %(where)s at %(site)s.") % _filled(params)


def _restored(params: Mapping[str, Any]) -> str:
    return _("It is over: %(kind)s, %(where)s at %(site)s.") % _filled(params)


def events() -> list[EventKind]:
    """Four moments in the life of an incident."""
    return [
        EventKind(
            name="incident.opened",
            label=gettext_lazy("Incident opened"),
            permission=Permission.NETWORK_VIEW,
            find=_found(*_OPENED),
            words=_opened,
            defaults={"page": _ON_DUTY, "email": frozenset({Role.CONTROL_ROOM})},
            delay_minutes=0,
        ),
        EventKind(
            name="incident.acknowledged",
            label=gettext_lazy("Incident acknowledged"),
            permission=Permission.NETWORK_VIEW,
            find=_found(LineKind.ACKNOWLEDGED),
            words=_acknowledged,
        ),
        EventKind(
            name="incident.assigned",
            label=gettext_lazy("Incident given to you"),
            permission=Permission.INCIDENT_WORK,
            find=_found(LineKind.ASSIGNED),
            words=_assigned,
            defaults={
                "page": frozenset({Role.OWNER, Role.SUPPORT, *_ON_DUTY}),
                "email": frozenset({Role.OWNER, Role.SUPPORT, *_ON_DUTY}),
            },
        ),
        EventKind(
            name="incident.restored",
            label=gettext_lazy("Incident over"),
            permission=Permission.NETWORK_VIEW,
            find=_found(LineKind.RESOLVED),
            words=_restored,
            defaults={"page": _ON_DUTY},
        ),
    ]
