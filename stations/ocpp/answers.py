"""What a station's answer to a command means for our records.

Called by the bridge in a worker thread once the answer is committed. Each action that
leaves something behind has one function; applying an answer twice changes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction

from core.database import release_connections
from core.tenancy.scopes import across_operators, operator_scope
from stations.commands.models import Command, CommandState
from stations.ocpp import (
    answered_lists,
    answered_passwords,
    answered_transactions,
    answered_variables,
    reservations,
)
from stations.ocpp.lists import sync

Apply = Callable[[Command, dict[str, Any]], None]

APPLY: Final[dict[str, tuple[Apply, ...]]] = {
    "ReserveNow": (reservations.answered,),
    "CancelReservation": (reservations.cancel_answered,),
    "SendLocalList": (answered_lists.sent, sync.go_on),
    "GetLocalListVersion": (answered_lists.version_reported,),
    "GetTransactionStatus": (answered_transactions.status_read,),
    "GetConfiguration": (answered_variables.configuration_read,),
    "ChangeConfiguration": (
        answered_variables.configuration_changed,
        answered_passwords.changed_1_6,
    ),
    "GetVariables": (answered_variables.variables_read,),
    "SetVariables": (answered_variables.variables_set, answered_passwords.changed_2_x),
}


def apply_answer(command_id: int) -> None:
    """Book the answer of command ``command_id`` (primary key) where it belongs.

    A command that is gone, has no answer or leaves nothing behind is left alone.
    """
    release_connections()
    try:
        with across_operators("the bridge serves every operator"):
            command = (
                Command.objects.select_related("station")
                .filter(pk=command_id, state=CommandState.ANSWERED)
                .first()
            )
        if command is None or not isinstance(command.answer, dict):
            return
        with operator_scope(command.operator_id), transaction.atomic():
            for apply in APPLY.get(command.action, ()):
                apply(command, command.answer)
    finally:
        release_connections()
