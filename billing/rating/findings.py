"""What can be odd about a price, and the words for it (pure).

``doubtful`` holds the session. Texts are English with ``%(name)s`` places; pages translate them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billing.rating.result import PriceFinding, Severity
from core.marks import gettext_noop as _

TEXTS: Final[Mapping[str, tuple[Severity, str]]] = {
    "spot_price_missing": (
        "doubtful",
        _("No spot price is known for %(energy_wh)s Wh between %(from)s and %(to)s."),
    ),
    "no_readings": ("doubtful", _("There is no meter reading: the energy cannot be priced.")),
    "one_reading": ("doubtful", _("There is only one meter reading: the energy cannot be priced.")),
    "time_unknown": (
        "doubtful",
        _(
            "For %(seconds)s s it is not known whether the vehicle was charging; "
            "this time was not priced."
        ),
    ),
    "power_unknown": (
        "doubtful",
        _("The tariff depends on power, which is not known throughout."),
    ),
    "current_unknown": (
        "doubtful",
        _("The tariff depends on current, which is not known throughout."),
    ),
    "tariff_not_in_force": ("doubtful", _("The tariff was not in force when the session started.")),
    "ends_in_future": ("doubtful", _("The session ends in the future.")),
    "energy_went_back": (
        "info",
        _("%(energy_wh)s Wh went back through the meter; this is not credited."),
    ),
    "below_minimum": ("info", _("The session is too small to be billed.")),
    "zero_length": ("info", _("The session has no duration.")),
    "price_interpolated": (
        "info",
        _("At %(count)s price changes there was no meter reading; the register was worked out."),
    ),
}


def found(code: str, **params: str) -> PriceFinding:
    """A finding with its usual severity."""
    return PriceFinding(code, TEXTS[code][0], tuple(sorted(params.items())))
