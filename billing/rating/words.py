"""Words of price lines, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KIND_WORDS: Final[Mapping[str, str | Promise]] = {
    "ENERGY": _("Energy"),
    "TIME": _("Time"),
    "PARKING_TIME": _("Idle time"),
    "FLAT": _("Start fee"),
    "MIN_PRICE": _("Up to the least price"),
    "MAX_PRICE": _("Down to the highest price"),
    "IDLE_CAP": _("Idle fee capped"),
}
REASON_WORDS: Final[Mapping[str, str | Promise]] = {
    "element": _("element of the tariff"),
    "spot": _("spot price of the time"),
    "reservation": _("element for reservations"),
    "idle_cap": _("the tariff's cap of idle fees"),
    "min_price": _("the tariff's least price"),
    "max_price": _("the tariff's highest price"),
}
PERIOD_WORDS: Final[Mapping[str, str | Promise]] = {
    "charging": _("Charging"),
    "idle": _("Idle: the car asks for nothing"),
    "suspended": _("Paused by the station"),
    "reserved": _("Reserved"),
    "": _("Not told"),
}
UNIT_PRICES: Final[Mapping[str, str | Promise]] = {"Wh": _("per kWh"), "s": _("per hour"), "1": ""}
