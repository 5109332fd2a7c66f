"""What the first line can ask a station for, within the rights of the role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.accounts.permissions import Permission
from core.marks import gettext_noop

_ASSIST: Final = frozenset({Permission.COMMAND_ASSIST, Permission.COMMAND_DANGEROUS})


@dataclass(frozen=True, slots=True)
class Action:
    """One action. Any one of ``permissions`` is enough; texts are to be translated."""

    name: str
    title: str
    icon: str
    command: str
    permissions: frozenset[Permission]
    consequence: str
    needs_reason: bool = True


ACTIONS: Final = {
    action.name: action
    for action in (
        Action(
            "start",
            gettext_noop("Start with their card"),
            "player-play",
            "remote_start",
            frozenset({Permission.COMMAND_SEND}),
            gettext_noop("The station is asked to start a session with the person's card."),
            needs_reason=False,
        ),
        Action(
            "goodwill",
            gettext_noop("Start as goodwill"),
            "bolt",
            "remote_start",
            frozenset({Permission.COMMAND_GOODWILL}),
            gettext_noop("The station is asked to start a session that the caller does not pay."),
        ),
        Action(
            "stop",
            gettext_noop("Stop the session"),
            "player-stop",
            "remote_stop",
            _ASSIST,
            gettext_noop("The station is asked to end the session that runs at the EVSE."),
        ),
        Action(
            "unlock",
            gettext_noop("Release the cable"),
            "lock-open",
            "unlock_connector",
            _ASSIST,
            gettext_noop("The cable is released; a session that runs may end."),
        ),
        Action(
            "restart",
            gettext_noop("Restart the station"),
            "refresh",
            "reset",
            _ASSIST,
            gettext_noop(
                "The station restarts softly; sessions that run at its other EVSEs may end."
            ),
        ),
    )
}


def permitted(action: Action, allows: Callable[[str], bool]) -> bool:
    """Whether one of the needed rights is there."""
    return any(allows(permission) for permission in action.permissions)
