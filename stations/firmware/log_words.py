"""What a station's words about an upload mean (pure): 1.6 DiagnosticsStatusNotification 7.24,
LogStatusNotification of the white paper and 2.0.1 N01."""

from __future__ import annotations

from typing import Final

UPLOADING, FAILED = "uploading", "failed"
_FAILURES: Final = frozenset(
    {"uploadfailed", "uploadfailure", "badmessage", "notsupportedoperation", "permissiondenied"}
)


def after_word(state: str, word: str) -> str:
    """The state after the station told ``word``. ``Uploaded`` changes nothing: what counts is
    the file that arrives."""
    told = word.strip().lower()
    if told in _FAILURES:
        return FAILED
    return UPLOADING if told == "uploading" else state


def is_nothing(answer: dict[str, object] | None, action: str) -> bool:
    """Whether the station answered that there is nothing to send (1.6: no file name)."""
    return action == "GetDiagnostics" and not (answer or {}).get("fileName")
