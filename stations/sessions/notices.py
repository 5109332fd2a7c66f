"""Event of sessions that people are told of: held for review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission, Role
from core.notifications.events import EventKind, Occurrence, Search
from stations.sessions.models import Session


def find_held(search: Search) -> Iterator[Occurrence]:
    """Sessions that a reconciliation held."""
    rows = Session.objects.filter(
        operator=search.operator,
        is_held=True,
        reconciled_at__gt=search.since,
        reconciled_at__lte=search.until,
    ).select_related("station__site")
    for session in rows:
        yield Occurrence(
            key=str(session.pk),
            happened_at=session.reconciled_at,
            params={
                "session": session.public_id,
                "station": str(session.station),
                "site": session.station.site.name,
            },
            url=reverse("session_detail", args=[session.public_id]),
            place_id=session.station.site_id,
        )


def _words(params: Mapping[str, Any]) -> str:
    return _("The session %(session)s at %(station)s, %(site)s, must be looked at.") % params


def events() -> list[EventKind]:
    """Held sessions."""
    return [
        EventKind(
            name="session.held",
            label=gettext_lazy("Session held"),
            permission=Permission.SESSION_VIEW,
            find=find_held,
            words=_words,
            defaults={"page": frozenset({Role.OWNER, Role.CONTROL_ROOM, Role.ACCOUNTANT})},
        )
    ]
