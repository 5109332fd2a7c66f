"""The six templates as people choose them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.tariffs.starters import Starter

Text = str | Promise


@dataclass(frozen=True, slots=True)
class StarterCard:
    """One template: its word in addresses, name, what it is for, icon."""

    key: str
    title: Text
    text: Text
    icon: str


STARTERS: Final[dict[Starter, StarterCard]] = {
    card_key: StarterCard(card_key.value, title, text, icon)
    for card_key, title, text, icon in (
        (
            Starter.KWH,
            _("Price per kWh"),
            _("One price for all energy. What most people expect."),
            "bolt",
        ),
        (
            Starter.KWH_IDLE,
            _("Per kWh and time after charging"),
            _("Frees places: a fee per minute once the car is full, with a grace time and a cap."),
            "clock",
        ),
        (
            Starter.TIME_OF_DAY,
            _("By time of day"),
            _("Two prices per kWh; mark in a week when the second one holds."),
            "calendar",
        ),
        (
            Starter.SPOT,
            _("Spot price and mark-up"),
            _("Follows the electricity market, with mark-up, energy tax and grid fee."),
            "chart-line",
        ),
        (
            Starter.FREE,
            _("Free"),
            _("Charging costs nothing; sessions are still counted."),
            "circle-check",
        ),
        (
            Starter.AFTERWARDS,
            _("Price afterwards"),
            _("For private sites: sessions wait until the month's cost is known and shared."),
            "hourglass",
        ),
    )
}
