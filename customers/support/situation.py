"""What the first line must see at one look: the connector now, the person, and why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from customers.attempts.selectors import attempt_rows
from customers.attempts.tables import told_of
from customers.attempts.words import Explained
from customers.authorisation.cards import decision_on
from customers.authorisation.lookup import known_tokens
from customers.drivers.models import Driver
from customers.support.models import SupportCase
from customers.support.services import Subjects
from customers.tokens.models import IdToken
from customers.tokens.people import attempts_of, sessions_of, tokens_of
from stations.hardware.models import Connector, Evse, Station, StationLink
from stations.ocpp.authorisation.protocol import AuthorisationRequest
from stations.ocpp.authorisation.reasons import in_words
from stations.ocpp.journal import session_frames, station_frames
from stations.ocpp.models import AuthorisationAttempt
from stations.ocpp.rows import FrameRow, frame_rows
from stations.sessions.models import Session, SessionState

SHOWN = 5
TOKENS = 5
MESSAGES = 8
AROUND = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A card of the person, and what it would be answered at the EVSE now."""

    token: IdToken
    decision: str
    reason: str


@dataclass(slots=True)
class Situation:
    """Everything about the subjects of a call; empty where something is not known."""

    driver: Driver | None = None
    evse: Evse | None = None
    station: Station | None = None
    link: StationLink | None = None
    connectors: list[Connector] = field(default_factory=list)
    running: Session | None = None
    tokens: list[Verdict] = field(default_factory=list)
    person_attempts: list[AuthorisationAttempt] = field(default_factory=list)
    person_sessions: list[Session] = field(default_factory=list)
    place_attempts: list[AuthorisationAttempt] = field(default_factory=list)
    place_sessions: list[Session] = field(default_factory=list)
    refusal: AuthorisationAttempt | None = None
    told: Explained | None = None


def situation_of(subjects: Subjects) -> Situation:
    """Read it all; the number of queries does not depend on what is there."""
    known: dict[str, Any] = subjects.columns()
    found = Situation(
        driver=known.get("driver"), evse=known.get("evse"), station=known.get("station")
    )
    if found.station is not None:
        _place(found, found.station)
    _person(found, known.get("token"))
    refused = [
        one for one in (*found.person_attempts, *found.place_attempts) if one.decision != "Accepted"
    ]
    found.refusal = refused[0] if refused else None
    found.told = told_of(found.refusal) if found.refusal else None
    return found


def messages_of(case: SupportCase) -> list[FrameRow]:
    """OCPP messages of the case's session, else of its station around the call; the newest
    first, and none that only say that the station lives."""
    station = case.station
    if station is None:
        return []
    session = case.session
    if session is not None and session.ocpp_transaction_id:
        begin = session.started_at or session.first_received_at
        end = session.stopped_at or timezone.now()
        rows = session_frames(station, session.ocpp_transaction_id, begin, end)
    else:
        window = (case.opened_at - AROUND, case.opened_at + AROUND)
        rows = station_frames(station).filter(received_at__range=window)
    wanted = rows.exclude(action="Heartbeat").order_by("-received_at", "-id")
    return frame_rows(wanted[:MESSAGES])


def _place(found: Situation, station: Station) -> None:
    found.link = StationLink.objects.filter(station=station).first()
    here = Q(station=station)
    sessions = Session.objects.select_related("station__site", "evse")
    if found.evse is not None:
        found.connectors = list(Connector.objects.filter(evse=found.evse).order_by("number"))
        found.running = sessions.filter(evse=found.evse, state=SessionState.ACTIVE).first()
        own = Q(evse_number=found.evse.number)
        found.place_sessions = list(
            sessions.filter(here & own).order_by("-first_received_at", "-id")[:SHOWN]
        )
        # Authorize of OCPP 1.6 names no connector.
        here &= own | Q(evse_number=None)
    else:
        found.place_sessions = list(
            sessions.filter(here).order_by("-first_received_at", "-id")[:SHOWN]
        )
    found.place_attempts = list(attempt_rows().filter(here)[:SHOWN])


def _person(found: Situation, token: IdToken | None) -> None:
    driver = found.driver
    if driver is None and token is None:
        return
    attempts: Any = attempt_rows()
    if driver is not None:
        cards = list(tokens_of(driver)[:TOKENS])
        found.person_attempts = list(
            attempts.filter(pk__in=attempts_of(driver).order_by().values("pk"))[:SHOWN]
        )
        found.person_sessions = list(sessions_of(driver)[:SHOWN])
    elif token is not None:
        cards = [token]
        upper = token.uid.upper()
        found.person_attempts = list(attempts.filter(upper_token=upper)[:SHOWN])
        found.person_sessions = list(
            Session.objects.select_related("station__site", "evse")
            .filter(id_token__iexact=token.uid)
            .order_by("-first_received_at", "-id")[:SHOWN]
        )
    found.tokens = _verdicts(cards, found.station, found.evse)


def _verdicts(cards: list[IdToken], station: Station | None, evse: Evse | None) -> list[Verdict]:
    """What each card would be answered at the start of a session there, now."""
    if station is None or not cards:
        return [Verdict(card, "", "") for card in cards]
    known = known_tokens(station.operator_id, [card.uid.upper() for card in cards], station.site_id)
    verdicts = []
    for card in cards:
        request = AuthorisationRequest(
            operator_id=station.operator_id,
            station_id=station.pk,
            site_id=station.site_id,
            evse_number=evse.number if evse else None,
            id_token=card.uid,
            id_token_type="",
            at=timezone.now(),
            kind="start",
        )
        decision = decision_on(known[card.uid.upper()], request)
        verdicts.append(Verdict(card, decision.status, in_words(decision.reason_code)))
    return verdicts
