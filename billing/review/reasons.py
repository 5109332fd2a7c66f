"""Reasons for holding a session: group, sentence, and what a person would usually do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.rating.findings import TEXTS as PRICE_TEXTS
from billing.rating.judging import Group
from stations.sessions.findings import TEXTS
from stations.sessions.words import explain, readable

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason of billing: its group, a short name for lists, and its sentence."""

    group: Group
    name: Text
    text: Text


DISPUTED: Final = "disputed"
"""Held because the customer objects; no new rating lets it go, a person does."""

REASONS: Final[Mapping[str, Reason]] = {
    DISPUTED: Reason(
        "final",
        _("Customer objects"),
        _("The customer objects to this session; the case tells why."),
    ),
    "tariff_missing": Reason(
        "configuration",
        _("No tariff"),
        _("No tariff held for this place, connector and customer when the session began."),
    ),
    "tariff_unreadable": Reason(
        "configuration",
        _("Tariff unreadable"),
        _("The tariff cannot be read at %(at)s: %(message)s"),
    ),
    "account_missing": Reason(
        "configuration",
        _("No billing account"),
        _("The token belongs to no billing account, so nobody would pay."),
    ),
    "currency_differs": Reason(
        "configuration",
        _("Another currency"),
        _("The tariff is in %(tariff)s, the billing account in %(account)s."),
    ),
    "facts_contradict": Reason(
        "feasibility",
        _("Facts contradict each other"),
        _("Times and readings contradict each other: %(message)s"),
    ),
    "start_unknown": Reason(
        "feasibility", _("Start unknown"), _("It is not known when the session began.")
    ),
    "end_unknown": Reason(
        "feasibility", _("End unknown"), _("It is not known when the session ended.")
    ),
    "end_before_start": Reason(
        "feasibility", _("Ends before it begins"), _("The session ends before it begins.")
    ),
    "energy_unknown": Reason(
        "feasibility",
        _("Energy unknown"),
        _("The energy is not known; a price cannot be worked out."),
    ),
    "in_future": Reason(
        "feasibility", _("In the future"), _("The session ends in the future, at %(at)s.")
    ),
    "energy_above_limit": Reason(
        "feasibility",
        _("Much energy"),
        _("%(wh)s Wh are more than your limit of %(limit)s Wh."),
    ),
    "duration_above_limit": Reason(
        "feasibility",
        _("Very long"),
        _("%(hours)s hours are more than your limit of %(limit)s hours."),
    ),
    "more_than_possible": Reason(
        "feasibility",
        _("More than possible"),
        _("%(wh)s Wh are more than the EVSE can deliver in the time, %(limit)s Wh."),
    ),
    "signed_value_differs": Reason(
        "feasibility",
        _("Signed value differs"),
        _("The signed values say %(signed)s Wh, the readings %(wh)s Wh."),
    ),
    "signed_value_invalid": Reason(
        "feasibility",
        _("Signature wrong"),
        _("The signature of a signed value does not match its content."),
    ),
    "signed_value_unusable": Reason(
        "feasibility",
        _("Signed value unusable"),
        _("The meter itself marks a signed value as not usable for billing."),
    ),
    "idle_fee_above_limit": Reason(
        "rule",
        _("High idle fee"),
        _("The idle fee of %(amount)s is above your limit of %(limit)s."),
    ),
    "costs_nothing": Reason(
        "rule", _("Costs nothing"), _("%(wh)s Wh were delivered and the price is zero.")
    ),
    "total_negative": Reason(
        "final", _("Negative total"), _("The total of %(amount)s is negative.")
    ),
    "total_above_limit": Reason(
        "final",
        _("High total"),
        _("The total of %(amount)s is above your limit of %(limit)s."),
    ),
    "price_per_kwh_above_limit": Reason(
        "final",
        _("High price per kWh"),
        _("%(amount)s per kWh are above your limit of %(limit)s."),
    ),
}

READINGS: Final[Mapping[str, Text]] = {
    "start_missing": _("Start missing"),
    "end_missing": _("End missing"),
    "closed_by_hand": _("Closed by hand"),
    "start_conflict": _("Two starts"),
    "stop_conflict": _("Two different stops"),
    "stop_id_unknown": _("Stop of an unknown transaction"),
    "stop_ambiguous": _("Stop fits several sessions"),
    "stop_unmatched": _("Stop fits no session"),
    "sessions_overlap": _("Sessions overlap"),
    "token_missing": _("No token"),
    "token_rejected": _("Token not accepted"),
    "clock_unusable": _("Clock unusable"),
    "stop_before_start": _("Stop before the start"),
    "no_readings": _("No readings"),
    "one_reading_only": _("One reading only"),
    "one_reading": _("One reading only"),
    "meter_start_missing": _("Register at the start missing"),
    "meter_stop_missing": _("Register at the end missing"),
    "meter_start_not_credible": _("Register at the start not credible"),
    "meter_stop_not_credible": _("Register at the end not credible"),
    "stop_equals_start": _("Stop repeats the start"),
    "register_reset": _("Register fell"),
    "register_jump": _("Register jumped"),
    "impossible_power": _("Impossible power"),
    "unit_jump": _("Units mixed"),
    "unit_implausible": _("Unit wrong"),
    "energy_from_intervals": _("No register"),
    "power_contradicts_register": _("Power contradicts the register"),
    "spot_price_missing": _("Spot price missing"),
    "time_unknown": _("Charging or idle not known"),
    "power_unknown": _("Power not known"),
    "current_unknown": _("Current not known"),
    "tariff_not_in_force": _("Tariff not in force"),
    "ends_in_future": _("Ends in the future"),
}
"""Findings of readings and of the engine in a few words."""

RETRYABLE: Final = frozenset(
    {"tariff_missing", "tariff_unreadable", "account_missing", "currency_differs"}
    | {"spot_price_missing"}
)
"""What may come right by itself, when prices, tariffs or accounts arrive."""


def group_of(code: str) -> Group:
    """The group of a reason: readings are about feasibility, what the engine says about a rule."""
    known = REASONS.get(code)
    if known is not None:
        return known.group
    if code in _SET_UP:
        return "configuration"
    return "feasibility" if code in TEXTS else "rule"


_SET_UP: Final = frozenset({"spot_price_missing", "tariff_not_in_force"})


def name_of(code: str) -> str:
    """A reason in a few words."""
    known = REASONS.get(code)
    if known is not None:
        return str(known.name)
    return str(READINGS.get(code) or code.replace("_", " ").capitalize())


def sentence(code: str, params: Mapping[str, Any], zone: tzinfo | None = None) -> str:
    """A reason as a sentence in the language of the page; instants in ``zone``, the reader's when
    None."""
    known = REASONS.get(code)
    if known is None and code in PRICE_TEXTS and code not in TEXTS:
        return _filled(gettext(PRICE_TEXTS[code][1]), params, zone)
    if known is None:
        return explain([{"code": code, "severity": "doubtful", "params": params}], zone)[0].text
    return _filled(str(known.text), params, zone)


def _filled(text: str, params: Mapping[str, Any], zone: tzinfo | None) -> str:
    try:
        return text % readable(params, zone)
    except (KeyError, TypeError, ValueError):
        return text


_NEEDS_A_FIGURE: Final = frozenset(
    {"energy_unknown", "start_unknown", "end_unknown", "end_before_start", "no_readings"}
    | {"one_reading_only", "meter_start_missing", "meter_stop_missing", "register_jump"}
)


def proposal(codes: frozenset[str], *, has_price: bool) -> tuple[str, Text]:
    """What to do, in a word and a sentence: ``retry``, ``correct``, ``accept`` or ``waive``."""
    if codes & RETRYABLE:
        return "retry", _("Complete the set-up; the session is tried again by itself.")
    if not has_price or codes & _NEEDS_A_FIGURE:
        return "correct", _(
            "Put the right energy and times in place, from the meter or the neighbours; else waive."
        )
    if "register_reset" in codes or "end_missing" in codes:
        return "accept", _("The price counts what was measured for certain: accept it.")
    return "accept", _("Look at curve and lines: accept the price if they hold, else correct it.")
