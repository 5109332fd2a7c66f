"""Sessions and EVSEs that need attention: long stays, no energy, one card twice, silence, held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from core.ui import units
from stations.sessions.models import Session, SessionState
from stations.sessions.silence import Silence, silences

LONG_STAY: Final = Reason("long_stay", gettext_lazy("Plugged in long"), "warn", "clock-pause")
NO_ENERGY: Final = Reason("no_energy", gettext_lazy("No energy"), "warn", "plug-x")
TWO_PLACES: Final = Reason("two_places", gettext_lazy("Card at two places"), "warn", "id-badge")
SILENT: Final = Reason("silent", gettext_lazy("Unusually quiet"), "warn", "activity")
HELD: Final = Reason("held", gettext_lazy("Held sessions"), "warn", "hand-stop")

STAY: Final = timedelta(hours=24)
ENERGY_WITHIN: Final = timedelta(minutes=5)
HELD_DAYS: Final = 92


class SessionAttention:
    """Three queries and two for the habits: running sessions, held ones, silent EVSEs."""

    permission = Permission.SESSION_VIEW
    reasons = (LONG_STAY, NO_ENERGY, TWO_PLACES, SILENT, HELD)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """What is odd about sessions, and about EVSEs without any."""
        running = list(_running())
        yield from _long_stays(running, now)
        yield from _without_energy(running, now)
        yield from _two_places(running)
        yield from (_silent(one) for one in silences(now))
        yield from _held(now)


def _running() -> QuerySet[Session]:
    rows: QuerySet[Session] = Session.objects.select_related("station__site", "evse")
    return (
        rows.filter(state=SessionState.ACTIVE)
        .only(
            "public_id", "id_token", "evse_number", "started_at", "first_received_at",
            "energy_wh", "register_wh", "meter_start_wh", "evse__public_id", "station__name",
            "station__identity", "station__site__public_id", "station__site__name",
        )
        .order_by("pk")
    )  # fmt: skip


def _begun(session: Session) -> datetime:
    return session.started_at or session.first_received_at


def _where(session: Session) -> str:
    if session.evse and session.evse.public_id:
        return session.evse.public_id
    return f"{session.station} / {session.evse_number or '–'}"


def _concern(reason: Reason, session: Session, **values: Any) -> Concern:
    site = session.station.site
    given = {
        "subject": _where(session),
        "url": reverse("session_detail", args=[session.public_id]),
    } | values
    return Concern(reason=reason, place_ref=site.public_id, place=site.name, **given)


def _long_stays(running: list[Session], now: datetime) -> Iterator[Concern]:
    for session in running:
        stay = now - _begun(session)
        if stay > STAY:
            text = _("Plugged in for %(time)s.") % {"time": units.duration(stay)}
            yield _concern(LONG_STAY, session, text=text, since_at=_begun(session))


def _without_energy(running: list[Session], now: datetime) -> Iterator[Concern]:
    for session in running:
        stay = now - _begun(session)
        if stay <= ENERGY_WITHIN or delivered_wh(session) > 0:
            continue
        text = _("Running for %(time)s without any energy.") % {"time": units.duration(stay)}
        yield _concern(NO_ENERGY, session, text=text, since_at=_begun(session))


def delivered_wh(session: Session) -> Decimal:
    """Energy so far; 0 while nothing is known of it."""
    if session.energy_wh is not None:
        return session.energy_wh
    if session.register_wh is None or session.meter_start_wh is None:
        return Decimal()
    return session.register_wh - session.meter_start_wh


def _two_places(running: list[Session]) -> Iterator[Concern]:
    by_token: dict[str, list[Session]] = {}
    for session in running:
        if session.id_token:
            by_token.setdefault(session.id_token.upper(), []).append(session)
    for sessions in by_token.values():
        if len({session.station.site_id for session in sessions}) < 2:
            continue
        latest = max(sessions, key=_begun)
        names = sorted({session.station.site.name for session in sessions})
        query = urlencode({"state": SessionState.ACTIVE.value, "token": latest.id_token})
        yield _concern(
            TWO_PLACES,
            latest,
            subject=latest.id_token,
            text=_("Charges at the same time at %(sites)s.") % {"sites": ", ".join(names)},
            since_at=_begun(latest),
            url=f"{reverse('session_list')}?{query}",
        )


def _silent(one: Silence) -> Concern:
    text = _("No session for %(time)s; %(gap)s between two is usual here.") % {
        "time": units.duration(one.length),
        "gap": units.duration(one.gap),
    }
    return Concern(
        reason=SILENT,
        subject=one.name,
        text=text,
        since_at=one.since_at,
        url=reverse("station_detail", args=[one.station_ref]),
        place_ref=one.site_ref,
        place=one.site,
    )


def _held(now: datetime) -> Iterator[Concern]:
    """One concern for each site: held sessions have a list of their own."""
    recent = Session.objects.filter(
        is_held=True, first_received_at__gte=now - timedelta(days=HELD_DAYS)
    )
    by_site: QuerySet[Any] = (
        recent.order_by()
        .values("station__site__public_id", "station__site__name")
        .annotate(count=Count("pk"), since=Min("first_received_at"))
    )
    for row in by_site:
        count, ref = row["count"], row["station__site__public_id"]
        text = ngettext(
            "%(count)d session waits for review.", "%(count)d sessions wait for review.", count
        )
        yield Concern(
            reason=HELD,
            subject=row["station__site__name"],
            text=text % {"count": count},
            since_at=row["since"],
            url=f"{reverse('session_list')}?{urlencode({'held': 'true', 'site': ref})}",
            place_ref=ref,
            place=row["station__site__name"],
        )


source = SessionAttention()
