"""The life of a command: which state may follow which."""

from __future__ import annotations

from typing import Final

from stations.commands.models import FINAL_STATES, CommandState

TRANSITIONS: Final[dict[CommandState, frozenset[CommandState]]] = {
    CommandState.QUEUED: frozenset(
        {
            CommandState.SENT,
            CommandState.FAILED,
            CommandState.REFUSED_OFFLINE,
            CommandState.EXPIRED,
        }
    ),
    CommandState.SENT: frozenset(
        {CommandState.ANSWERED, CommandState.FAILED, CommandState.TIMED_OUT}
    ),
    **{state: frozenset() for state in FINAL_STATES},
}
"""``queued`` is waiting for the bridge; ``failed`` is a CALLERROR of the station or a call that
could not be made; ``timed_out`` is a call without answer."""


def origins_of(state: CommandState) -> list[CommandState]:
    """The states from which ``state`` may be reached."""
    return [origin for origin, targets in TRANSITIONS.items() if state in targets]
