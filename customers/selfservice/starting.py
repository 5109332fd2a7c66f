"""Starting to charge from the portal, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from customers.authorisation.cards import decision_on
from customers.authorisation.lookup import known_tokens
from customers.drivers.models import Driver
from customers.selfservice.models import ChargeStart
from customers.tokens.models import IdToken
from customers.tokens.starting import start_parameters
from stations.commands import words
from stations.commands.models import Command, CommandState
from stations.commands.services import move
from stations.hardware.models import Connector, Evse
from stations.ocpp.authorisation.protocol import AuthorisationRequest
from stations.ocpp.authorisation.reasons import in_words
from stations.ocpp.sending import Request, send
from stations.sessions.models import Session, SessionState

WAITS: Final = timedelta(minutes=5)
"""So long a start is worth waiting for; stations give up sooner."""
AT_ONCE: Final = timedelta(seconds=90)
"""A second tap within this time is the first one again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a start stands: ``asking``, ``waiting`` (plug in), ``charging``, ``failed`` or
    ``cancelled``, with a sentence; ``session`` once there is one."""

    state: str
    text: str
    session: Session | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("charging", "failed", "cancelled")


@transaction.atomic
def start_charging(*, driver: Driver, token: IdToken, evse: Evse) -> ChargeStart:
    """Ask a station to start with one of the driver's tokens; a second tap is the first again.

    Refuses a token that would be refused there, with its reason, an EVSE out of order, and a
    station that cannot be reached.
    """
    Driver.objects.select_for_update(of=("self",)).get(pk=driver.pk)
    now = timezone.now()
    if token.driver_id != driver.pk:
        raise InvalidInput("token", _("Choose one of your cards."), field="token")
    again: ChargeStart | None = ChargeStart.objects.filter(
        driver=driver, evse=evse, cancelled_at=None, created_at__gt=now - AT_ONCE
    ).select_related("command").first()  # fmt: skip
    if again is not None and not progress_of(again, now).is_over:
        return again
    _refuse_evse(evse)
    _refuse_token(token, evse, now)
    command = send(
        evse.station,
        Request(command="remote_start", parameters=start_parameters(token, evse)),
    )
    if command.state == CommandState.REFUSED_OFFLINE:
        raise RuleViolation("offline", _("The station cannot be reached now. Use your card there."))
    start: ChargeStart = ChargeStart.objects.create(
        operator_id=driver.operator_id, public_id=public_id("go"), driver=driver, token=token,
        evse=evse, command=command,
    )  # fmt: skip
    return start


def _refuse_evse(evse: Evse) -> None:
    states = set(
        Connector.objects.filter(evse=evse, retired_on=None).values_list("status", flat=True)
    )
    if states and states <= {"faulted", "unavailable"}:
        raise RuleViolation("out_of_order", _("This connector is out of order. Choose another."))
    if Session.objects.filter(evse=evse, state=SessionState.ACTIVE).exists():
        raise RuleViolation("occupied", _("Somebody charges here now. Choose another."))


def _refuse_token(token: IdToken, evse: Evse, now: datetime) -> None:
    """What the authoriser would say, before the station is asked."""
    station = evse.station
    known = known_tokens(station.operator_id, [token.uid.upper()], station.site_id)
    request = AuthorisationRequest(
        operator_id=station.operator_id,
        station_id=station.pk,
        site_id=station.site_id,
        evse_number=evse.number,
        id_token=token.uid,
        id_token_type="",
        at=now,
        kind="start",
    )
    decision = decision_on(known[token.uid.upper()], request)
    if decision.status != "Accepted":
        raise RuleViolation(decision.reason_code, in_words(decision.reason_code))


def progress_of(start: ChargeStart, now: datetime) -> Progress:
    """What became of a start; the row needs its command."""
    session = _session(start)
    if session is not None:
        return Progress("charging", _("Charging has begun."), session)
    if start.cancelled_at is not None:
        return Progress(
            "cancelled", _("You cancelled. If the car is not plugged in, nothing starts.")
        )
    return command_progress(start.command, start.created_at, now)


def command_progress(command: Command | None, asked_at: datetime, now: datetime) -> Progress:
    """Where a start stands by the command that carries it."""
    if command is None:
        return Progress("failed", _("The start is too old to follow."))
    if command.state in (CommandState.QUEUED, CommandState.SENT):
        return Progress("asking", _("The station is being asked …"))
    if command.state != CommandState.ANSWERED:
        return Progress("failed", words.in_words(command.error_code, command.error_text))
    if command.answer_status != "Accepted":
        text = _("The station said no. Is the cable plugged in, and is it the right connector?")
        return Progress("failed", text)
    if now - asked_at > WAITS:
        return Progress("failed", _("Nothing began in time. Plug the car in and try again."))
    return Progress("waiting", _("The station is ready. Plug the car in."))


def _session(start: ChargeStart) -> Session | None:
    """The session that the start became: with its token, at its EVSE, since then."""
    if start.token is None:
        return None
    rows = Session.objects.annotate(upper_token=Upper("id_token")).filter(
        upper_token=start.token.uid.upper(),
        evse_id=start.evse_id,
        first_received_at__gte=start.created_at,
        first_received_at__lte=start.created_at + 2 * WAITS,
    )
    found: Session | None = rows.order_by("first_received_at").first()
    return found


@transaction.atomic
def cancel_start(*, start: ChargeStart) -> None:
    """Take a start back: what was not sent is not sent; a station that was asked gives up by
    itself when nobody plugs in. Refuses what is over."""
    locked = (
        ChargeStart.objects.select_for_update(of=("self",))
        .select_related("command", "token")
        .get(pk=start.pk)
    )
    now = timezone.now()
    if progress_of(locked, now).is_over:
        raise RuleViolation("over", _("It is too late to cancel."))
    if locked.command is not None and locked.command.state == CommandState.QUEUED:
        move(
            locked.command, CommandState.EXPIRED, error_code="cancelled",
            error_text="cancelled by the customer", finished_at=now,
        )  # fmt: skip
    ChargeStart.objects.filter(pk=locked.pk).update(cancelled_at=now)
