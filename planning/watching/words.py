"""The words of use."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from planning.watching.rules import FINE, NEW, OVER, UNDER, Use

VERDICTS: Final[dict[str, tuple[Any, str, str]]] = {
    OVER: (gettext_lazy("Too small"), "warn", "alert-triangle"),
    UNDER: (gettext_lazy("Hardly used"), "idle", "circle"),
    FINE: (gettext_lazy("As it should be"), "ok", "check"),
    NEW: (gettext_lazy("Too new to tell"), "idle", "clock"),
}


def advice(use: Use) -> str:
    """What would help, as a sentence; empty where nothing is needed."""
    parts = []
    if use.more:
        parts.append(
            ngettext(
                "%(count)d EVSE more keeps the wait of nine drivers in ten within 5 minutes.",
                "%(count)d EVSEs more keep the wait of nine drivers in ten within 5 minutes.",
                use.more,
            )
            % {"count": use.more}
        )
    if use.wants_power:
        parts.append(_("Most cars take all the power there is: stronger EVSEs end stays sooner."))
    if use.verdict == OVER and not parts:
        parts.append(_("Stays fill it, not arrivals: an idle fee or a time limit frees places."))
    if use.verdict == UNDER:
        parts.append(_("Look at price, signs and faults; else the EVSEs serve more elsewhere."))
    return " ".join(parts)
