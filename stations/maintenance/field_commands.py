"""Safe commands for who is on site: to the order's own station alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import InvalidInput, RuleViolation
from core.marks import gettext_noop
from core.plugins import plugged
from stations.commands.models import Command
from stations.hardware.models import Evse
from stations.maintenance import lifecycle, log
from stations.maintenance.models import EntryKind, WorkOrder
from stations.maintenance.services import locked
from stations.ocpp.sending import Request, send
from stations.sessions.models import Session, SessionState

HERE: Final = frozenset({lifecycle.ON_SITE, lifecycle.REPAIRED, lifecycle.VERIFIED})
"""States in which somebody of another company may ask the station for something."""


@dataclass(frozen=True, slots=True)
class FieldAction:
    """One thing that can be asked for; texts are to be translated."""

    name: str
    title: str
    icon: str
    command: str
    consequence: str
    needs_evse: bool = True


ACTIONS: Final = {
    one.name: one
    for one in (
        FieldAction(
            "restart",
            gettext_noop("Restart the station"),
            "refresh",
            "reset",
            gettext_noop("The station restarts softly; sessions that run there may end."),
            needs_evse=False,
        ),
        FieldAction(
            "unlock",
            gettext_noop("Release the cable"),
            "lock-open",
            "unlock_connector",
            gettext_noop("The cable is released; a session that runs may end."),
        ),
        FieldAction(
            "test",
            gettext_noop("Start a test session"),
            "player-play",
            "remote_start",
            gettext_noop("The station is asked to start a session that nobody pays."),
        ),
        FieldAction(
            "stop_test",
            gettext_noop("Stop the test session"),
            "player-stop",
            "remote_stop",
            gettext_noop("The station is asked to end the test session."),
        ),
    )
}


def why_not(order: WorkOrder, *, is_trusted: bool) -> str:
    """Why nothing may be asked of the station for an order; empty where it may.

    ``is_trusted``: whoever may send such commands anyway. Others must be on site.
    """
    if not order.is_open:
        return _("The order is closed.")
    if order.station is None:
        return _("The order is about no station.")
    if not is_trusted and order.state not in HERE:
        return _("Take the step “On site” first.")
    return ""


def running_at(order: WorkOrder) -> list[Session]:
    """Sessions that run at the order's station."""
    rows = Session.objects.filter(station_id=order.station_id, state=SessionState.ACTIVE)
    return list(rows.select_related("evse").order_by("evse__number", "id")[:50])


def asked_of(order: WorkOrder) -> list[Command]:
    """What was asked of the station for an order, the latest first, with the answers."""
    if order.station_id is None:
        return []
    rows = Command.objects.filter(
        station_id=order.station_id, reason__startswith=f"{order.public_id}: "
    )
    return list(rows.order_by("-created_at", "-id")[:10])


@transaction.atomic
def do_action(
    *, order: WorkOrder, action: FieldAction, evse: Evse | None, reason: str, is_trusted: bool
) -> Command:
    """Send the command of an action to the order's station and keep it in the log.

    Refuses what ``why_not`` names, an EVSE of another station or one that is retired, a
    missing reason, a test without a test card or where somebody charges, and a stop of what is no
    test.
    """
    held = locked(order)
    refusal = why_not(held, is_trusted=is_trusted)
    if refusal or held.station is None:
        raise RuleViolation("not_now", refusal)
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    if evse is not None and (evse.station_id != held.station_id or evse.retired_on is not None):
        raise InvalidInput("evse", _("The station has no such EVSE."), field="evse")
    if action.needs_evse and evse is None:
        raise InvalidInput("evse", _("Choose an EVSE."), field="evse")
    wanted = Request(
        command=action.command,
        parameters=_parameters(held, action, evse),
        reason=f"{held.public_id}: {reason.strip()}"[:500],
    )
    command = send(held.station, wanted)
    place = f" {evse.number}" if evse is not None and action.needs_evse else ""
    text = f"{_(action.title)}{place}: {reason.strip()}"
    log.write(held, EntryKind.NOTE, timezone.now(), text)
    return command


def _parameters(order: WorkOrder, action: FieldAction, evse: Evse | None) -> dict[str, Any]:
    if evse is None or not action.needs_evse:
        return {"type": "soft"}
    if action.name == "unlock":
        return {"evse": evse.number}
    running = next((one for one in running_at(order) if one.evse_id == evse.pk), None)
    if action.name == "test":
        return _test(evse, running)
    if running is None or running.token_snapshot.get("purpose") != "test":
        raise RuleViolation("no_test", _("No test session runs there."))
    return {"transaction": running.ocpp_transaction_id}


def _test(evse: Evse, running: Session | None) -> dict[str, Any]:
    if running is not None:
        raise RuleViolation("occupied", _("Somebody charges there now."))
    for source in plugged("TEST_CARDS"):
        found: dict[str, Any] | None = source.start_parameters(evse)
        if found is not None:
            return found
    raise RuleViolation(
        "no_test_card", _("There is no active card with the purpose “Test”. Ask for one.")
    )
