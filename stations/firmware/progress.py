"""How an update of one station goes on, by what it tells (pure).

Words of OCPP 1.6 (FirmwareStatusNotification 7.25, and the signed one) and 2.0.1 (L01).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WAITING, SENT, DOWNLOADING, INSTALLING = "waiting", "sent", "downloading", "installing"
INSTALLED, FAILED, TIMED_OUT, SKIPPED = "installed", "failed", "timed_out", "skipped"

ACTIVE: Final = frozenset({SENT, DOWNLOADING, INSTALLING})
ENDED: Final = frozenset({INSTALLED, FAILED, TIMED_OUT, SKIPPED})
FAILURES: Final = frozenset({FAILED, TIMED_OUT})

NEXT: Final[Mapping[str, frozenset[str]]] = {
    WAITING: frozenset({SENT, INSTALLED, SKIPPED, FAILED}),
    SENT: frozenset({WAITING, DOWNLOADING, INSTALLING, INSTALLED, FAILED, TIMED_OUT}),
    DOWNLOADING: frozenset({INSTALLING, INSTALLED, FAILED, TIMED_OUT}),
    INSTALLING: frozenset({INSTALLED, FAILED, TIMED_OUT}),
    INSTALLED: frozenset(),
    FAILED: frozenset({WAITING}),
    TIMED_OUT: frozenset({WAITING}),
    SKIPPED: frozenset({WAITING}),
}
"""Back to waiting: a command that never left, or a person who tries again."""

_MEANING: Final[Mapping[str, str]] = {
    "downloadscheduled": SENT,
    "downloading": DOWNLOADING,
    "downloadpaused": DOWNLOADING,
    "downloaded": DOWNLOADING,
    "signatureverified": DOWNLOADING,
    "installscheduled": DOWNLOADING,
    "installing": INSTALLING,
    "installrebooting": INSTALLING,
    "installed": INSTALLING,
    "downloadfailed": FAILED,
    "installationfailed": FAILED,
    "installverificationfailed": FAILED,
    "invalidsignature": FAILED,
    "invalidcertificate": FAILED,
    "revokedcertificate": FAILED,
}
_ORDER: Final = (SENT, DOWNLOADING, INSTALLING)
_REFUSALS: Final = frozenset({"rejected", "invalidcertificate", "revokedcertificate"})


def after_word(state: str, word: str) -> str:
    """The state after the station told ``word``; unknown words and ``Idle`` change nothing, and
    an update never goes back. ``Installed`` counts only once the version is seen at a start."""
    if state not in ACTIVE:
        return state
    meant = _MEANING.get(word.strip().lower(), "")
    if meant == FAILED:
        return FAILED
    if meant in _ORDER and _ORDER.index(meant) > _ORDER.index(state):
        return meant
    return state


def is_refusal(answer_status: str) -> bool:
    """Whether the station's answer to the command says that it will not update."""
    return answer_status.strip().lower() in _REFUSALS


def same_version(one: str, other: str) -> bool:
    """Whether two versions are the same to a reader."""
    return one.strip().casefold() == other.strip().casefold()
