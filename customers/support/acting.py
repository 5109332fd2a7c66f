"""Doing an action of a case: which command it means, and sending it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import InvalidInput, RuleViolation
from customers.support.actions import Action
from customers.support.models import CaseEntry, SupportCase
from customers.support.services import note_command, refuse_closed
from customers.tokens.models import IdToken, TokenKind, TokenPurpose, TokenStatus
from customers.tokens.starting import start_parameters
from stations.ocpp.sending import Request, send
from stations.sessions.models import Session, SessionState


@transaction.atomic
def do_action(
    *, case: SupportCase, action: Action, token: IdToken | None = None, reason: str = ""
) -> CaseEntry:
    """Send the command of an action and keep it in the log. The caller checks the right.

    Refuses a closed case, one without a place, a start without a card, a stop without a
    session, and a missing reason.
    """
    refuse_closed(case)
    if case.station is None:
        raise RuleViolation("no_place", _("Find the EVSE first: the case has no place."))
    if action.needs_reason and not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    command = send(
        case.station,
        Request(
            command=action.command,
            parameters=_PARAMETERS[action.name](case, token),
            reason=f"{case.public_id}: {reason}" if reason else case.public_id,
        ),
    )
    return note_command(case=case, command=command, text=reason)


def running_session(case: SupportCase) -> Session | None:
    """The session that runs at the EVSE of the case, or the one the case is about."""
    running = Session.objects.filter(state=SessionState.ACTIVE).select_related("station", "evse")
    found: Session | None = None
    if case.evse_id is not None:
        found = running.filter(evse_id=case.evse_id).first()
    elif case.session_id is not None:
        found = running.filter(pk=case.session_id).first()
    return found


def startable_tokens(case: SupportCase) -> list[IdToken]:
    """Active cards of the person: the card of the case first, then the driver's."""
    wanted = Q(pk=case.token_id)
    if case.driver_id is not None:
        wanted |= Q(driver_id=case.driver_id)
    rows = IdToken.objects.filter(wanted, status=TokenStatus.ACTIVE).order_by("uid", "id")[:20]
    return sorted(rows, key=lambda token: token.pk != case.token_id)


def goodwill_token() -> IdToken | None:
    """The operator's token for goodwill: a virtual one before a card."""
    rows = IdToken.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
        purpose=TokenPurpose.GOODWILL,
        status=TokenStatus.ACTIVE,
    ).order_by("id")
    by_kind = {TokenKind.VIRTUAL: 0, TokenKind.APP: 1, TokenKind.RFID: 2}
    return min(rows[:50], key=lambda token: by_kind[TokenKind(token.kind)], default=None)


def _start(case: SupportCase, token: IdToken | None) -> dict[str, Any]:
    if token is None or token not in startable_tokens(case):
        raise InvalidInput("token", _("Choose an active card of the person."), field="token")
    return _start_with(case, token)


def _goodwill(case: SupportCase, _token: IdToken | None) -> dict[str, Any]:
    token = goodwill_token()
    if token is None:
        raise RuleViolation(
            "no_goodwill_token", _("There is no active token with the purpose goodwill.")
        )
    return _start_with(case, token)


def _start_with(case: SupportCase, token: IdToken) -> dict[str, Any]:
    if case.evse is None:
        raise RuleViolation("no_evse", _("Find the EVSE first: the case names a station alone."))
    return start_parameters(token, case.evse)


def _stop(case: SupportCase, _token: IdToken | None) -> dict[str, Any]:
    session = running_session(case)
    if session is None:
        raise RuleViolation("no_session", _("No session runs there."))
    return {"transaction": session.ocpp_transaction_id}


def _unlock(case: SupportCase, _token: IdToken | None) -> dict[str, Any]:
    if case.evse is None:
        raise RuleViolation("no_evse", _("Find the EVSE first: the case names a station alone."))
    return {"evse": case.evse.number}


def _restart(_case: SupportCase, _token: IdToken | None) -> dict[str, Any]:
    return {"type": "soft"}


_PARAMETERS = {
    "start": _start,
    "goodwill": _goodwill,
    "stop": _stop,
    "unlock": _unlock,
    "restart": _restart,
}
