"""What happened around a session, in order: who asked, commands, statuses of the EVSE
(``SESSION_PANELS``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.panels import Panel
from core.status_words import status_word
from stations.commands.models import Command
from stations.hardware.history import status_entries
from stations.ocpp.authorisation.reasons import in_words
from stations.ocpp.history import Moment, command_moment
from stations.ocpp.models import AuthorisationAttempt
from stations.sessions.models import Session
from stations.sessions.stop_reasons import in_words as reason_in_words

AROUND: Final = timedelta(minutes=5)
MOST: Final = 60
"""Of each kind; a session that lasts for days has a page of the station's history."""


def session_moments(session: Session, now: datetime) -> list[Moment]:
    """The line of time, oldest first; three queries."""
    begun = session.started_at or session.first_received_at
    begin, end = begun - AROUND, (session.stopped_at or now) + AROUND
    found = [Moment(begun, "session", _("Session began"), session.id_token, "active", "bolt")]
    if session.stopped_at:
        reason = reason_in_words(session.stop_reason) if session.stop_reason else ""
        found.append(
            Moment(session.stopped_at, "session", _("Session ended"), reason, "ok", "circle-check")
        )
    found += _attempts(session, begin, end)
    found += _commands(session, begin, end)
    found += _statuses(session, begin, end)
    return sorted(found, key=lambda moment: moment.at)


def _attempts(session: Session, begin: datetime, end: datetime) -> Iterator[Moment]:
    rows = AuthorisationAttempt.objects.filter(
        station=session.station_id, at__gte=begin, at__lte=end, id_token=session.id_token
    )
    for row in rows.order_by("at", "id")[:MOST]:
        word = status_word(row.decision, "answer")
        title = _("Token asked for: %(decision)s") % {"decision": word.word}
        yield Moment(row.at, "attempt", title, in_words(row.reason_code), word.tone, word.icon)


def _commands(session: Session, begin: datetime, end: datetime) -> Iterator[Moment]:
    rows = Command.objects.filter(
        station=session.station_id, created_at__gte=begin, created_at__lte=end
    )
    yield from (command_moment(row) for row in rows.order_by("created_at", "id")[:MOST])


def _statuses(session: Session, begin: datetime, end: datetime) -> Iterator[Moment]:
    if session.evse_number is None:
        return
    rows = status_entries(session.station).filter(
        evse_number=session.evse_number, received_at__gte=begin, received_at__lte=end
    )
    for row in rows.order_by("received_at", "id")[:MOST]:
        word = status_word(row.status)
        told = row.error_code if row.error_code != "NoError" else ""
        yield Moment(row.received_at, "status", str(word.word), told, word.tone, word.icon)


class TimelinePanel:
    """For everyone who may see the network beside the session."""

    def panel(self, request: HttpRequest, session: Session) -> Panel | None:
        """Times in the zone of the site, as all times of the page."""
        if not has_permission(request, Permission.NETWORK_VIEW):
            return None
        return Panel(
            gettext_lazy("Timeline"),
            "stations/ocpp/_session_timeline.html",
            {
                "moments": session_moments(session, timezone.now()),
                "zone": ZoneInfo(session.station.site.time_zone),
            },
        )


source = TimelinePanel()
