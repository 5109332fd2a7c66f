"""What the page of one session shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from stations.sessions.models import Session, SessionState
from stations.sessions.place_class import place_class_label
from stations.sessions.words import explain

_STRETCHES: dict[tuple[str, str], str | Promise] = {
    ("charging", "reported"): _("Charging"),
    ("charging", "measured"): _("Charging (by the meter)"),
    ("idle", "vehicle"): _("Paused by the car"),
    ("idle", "station"): _("Paused by the station"),
    ("idle", "connected"): _("Connected, not charging"),
    ("idle", "measured"): _("Not charging (by the meter)"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the session in which it charged or stood idle."""

    kind: str
    text: str | Promise
    started_at: datetime
    stopped_at: datetime

    @property
    def duration(self) -> timedelta:
        """How long it lasted."""
        return self.stopped_at - self.started_at


def find_session(public_id: str) -> Session:
    """The operator's session with station, site, link and EVSE; 404 when there is none."""
    queryset = Session.objects.select_related("station__site", "station__link", "evse")
    session: Session = get_object_or_404(queryset, public_id=public_id)
    return session


def stretches(stored: Any) -> list[Stretch]:
    """Intervals as the reconciler stored them: a list, or a list under ``intervals``."""
    rows: Iterable[Mapping[str, Any]] = (
        stored.get("intervals", []) if isinstance(stored, Mapping) else stored or []
    )
    found = []
    for row in rows:
        begin = parse_datetime(str(row.get("started_at", "")))
        end = parse_datetime(str(row.get("stopped_at", "")))
        if begin and end:
            kind, reason = str(row.get("kind", "")), str(row.get("reason", ""))
            found.append(Stretch(kind, _STRETCHES.get((kind, reason), kind), begin, end))
    return found


def live_context(request: HttpRequest, session: Session) -> dict[str, Any]:
    """Figures that move while a car charges, and what may be done about it."""
    is_active = session.state == SessionState.ACTIVE
    end = session.stopped_at or (timezone.now() if is_active else session.last_fact_at)
    link = getattr(session.station, "link", None)
    return {
        "session": session,
        "place_class": place_class_label(session),
        "is_active": is_active,
        "duration": end - session.started_at if session.started_at else None,
        "is_connected": bool(link and link.is_connected),
        "can_stop": is_active and has_permission(request, Permission.COMMAND_DANGEROUS),
        "can_close": is_active and has_permission(request, Permission.SESSION_CLOSE),
        "zone": ZoneInfo(session.station.site.time_zone),
        "live_topics": f"session.{session.pk}",
    }


def page_context(request: HttpRequest, session: Session) -> dict[str, Any]:
    """All of the page but the curve, which is fetched by itself."""
    return live_context(request, session) | {
        "findings": explain(session.findings, ZoneInfo(session.station.site.time_zone)),
        "stretches": stretches(session.intervals),
        "can_see_journal": has_permission(request, Permission.JOURNAL_VIEW),
    }
