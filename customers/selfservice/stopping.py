"""Ending a session from afar."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import Actor
from core.errors import RuleViolation
from stations.commands.models import Command, CommandState
from stations.ocpp.sending import Request, send
from stations.sessions.models import Session, SessionState

_ASKED = (CommandState.QUEUED, CommandState.SENT)


@transaction.atomic
def stop_session(*, session: Session, by: Actor | None = None) -> Command:
    """Ask the station to end a session that runs; asking twice sends one command.

    Refuses a session that has ended, and says when the station cannot be reached.
    """
    row = Session.objects.select_for_update(of=("self",)).select_related("station")
    locked = row.defer("intervals").get(pk=session.pk)
    if locked.state != SessionState.ACTIVE:
        raise RuleViolation("ended", _("The session has ended already."))
    wanted = {"transaction": locked.ocpp_transaction_id}
    asked: Command | None = Command.objects.filter(
        station=locked.station, command="remote_stop", parameters=wanted, state__in=_ASKED
    ).first()
    if asked is not None:
        return asked
    command = send(
        locked.station,
        Request(command="remote_stop", parameters=wanted, reason="stopped by the customer"),
        by=by,
    )
    if command.state == CommandState.REFUSED_OFFLINE:
        raise RuleViolation(
            "offline",
            _("The station cannot be reached now. Stop with your card, or unplug the car."),
        )
    return command
