"""The words of studies: why there is no answer, and the other assumptions that were tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.ui import units
from planning.studies.afir import FARTHER, ONE_POOL
from planning.studies.models import Study
from planning.studies.parameters import Parameters
from planning.studies.roads import COMPREHENSIVE, CORE, NO_NETWORK

TRIALS: Mapping[str, str | Promise] = {
    "farther": gettext_lazy("Drivers go a quarter further"),
    "nearer": gettext_lazy("Drivers go a quarter less far"),
    "alone": gettext_lazy("No station stands yet"),
    "more_at_home": gettext_lazy("More owners charge at home"),
    "less_at_home": gettext_lazy("Fewer owners charge at home"),
    "more_trips": gettext_lazy("More long trips"),
    "fewer_trips": gettext_lazy("Fewer long trips"),
    "more_stays": gettext_lazy("More visitors plug in"),
}


NETWORKS: Final[dict[str, Any]] = {
    CORE: gettext_lazy("Core network"),
    COMPREHENSIVE: gettext_lazy("Comprehensive network"),
    NO_NETWORK: gettext_lazy("Not part of it"),
}
EASES: Final[dict[str, Any]] = {
    ONE_POOL: gettext_lazy("One pool for both directions may be allowed"),
    FARTHER: gettext_lazy("100 km and one pool for both directions may be allowed"),
}
"""What a member state may allow where few light vehicles drive."""


def reach_text(asked: Parameters) -> str:
    """How far a site reaches, as it was asked."""
    km = f"{_plain(asked.whole_km)}–{_plain(asked.last_km)} km"
    if asked.whole_min is None or asked.last_min is None:
        return km
    return _("%(whole)s–%(last)s minutes at %(speed)s km/h, detour %(detour)s (%(km)s)") % {
        "whole": _plain(asked.whole_min),
        "last": _plain(asked.last_min),
        "speed": _plain(asked.speed_kmh),
        "detour": _plain(asked.detour, 2),
        "km": km,
    }


def _plain(value: float, decimals: int = 1) -> str:
    return number_format(Decimal(f"{round(value, decimals):g}"), use_l10n=True)


def dates_text(dates: Sequence[Mapping[str, Any]]) -> str:
    """By the end of which years what is wanted is met, and what of the power is missing."""
    return "; ".join(_date_text(one) for one in dates)


def _date_text(one: Mapping[str, Any]) -> str:
    year = one["since_on"][:4]
    if one["is_met"]:
        return _("%(year)s: met") % {"year": year}
    missing = []
    if one.get("missing_kw"):
        missing.append(units.quantity(one["missing_kw"], "kW", decimals=0))
    if strong := one.get("missing_strong"):
        missing.append(
            ngettext(
                "%(count)d point of 150 kW", "%(count)d points of 150 kW", strong
            ) % {"count": strong}
        )  # fmt: skip
    words = {"year": year, "what": ", ".join(missing)}
    return _("%(year)s: %(what)s missing") % words if missing else _("%(year)s: not met") % words


def failure_text(study: Study) -> str:
    """Why a study failed, as a sentence that tells what to change; empty when it did not."""
    if not study.failure:
        return ""
    values = _values(study)
    for words in (_data_words, _limit_words, _road_words, _other_words):
        text = words(values).get(study.failure)
        if text is not None:
            return text % values
    return _("The study failed; ask again.")


def _values(study: Study) -> dict[str, Any]:
    """Amounts with their currency, distances as people read them, the rest as it is."""
    found = dict(study.failure_values)
    for name in ("cost", "budget"):
        if name in found:
            found[name] = units.money(found[name], study.currency)
    for name in ("km", "range"):
        if name in found:
            found[name] = units.quantity(found[name], "", decimals=1).strip()
    return found


def _data_words(_values: Mapping[str, Any]) -> dict[str, str]:
    return {
        "no_demand": _(
            "The layers of demand ask for no energy. Choose others or raise the assumptions."
        ),
        "no_candidates": _(
            "There is no candidate site. Choose a layer that has some, or wider areas."
        ),
        "unknown_candidate": _("No candidate is called “%(name)s”. Names are those of the layer."),
        "fixed_and_forbidden": _("“%(name)s” is fixed and forbidden at the same time."),
    }


def _limit_words(_values: Mapping[str, Any]) -> dict[str, str]:
    return {
        "too_few_candidates": _(
            "%(asked)s sites are asked for, and %(there)s candidates may be chosen."
        ),
        "too_many_fixed": _("%(fixed)s sites are fixed, more than the %(asked)s asked for."),
        "fixed_over_budget": _(
            "The fixed sites cost %(cost)s, more than the budget of %(budget)s."
        ),
        "budget_too_small": _(
            "The budget of %(budget)s is too small for anything: the cheapest site costs %(cost)s."
        ),
    }


def _road_words(_values: Mapping[str, Any]) -> dict[str, str]:
    return {
        "no_stretch": _("The layer of roads has no stretch."),
        "unknown_end": _(
            "Nobody knows where “%(name)s” lies. Choose a layer that has a place of this name, or "
            "give the stretch a line."
        ),
        "unknown_towards": _(
            "“%(place)s” serves only the direction towards “%(name)s”, and the roads lead from "
            "there to no other town or junction of this name. Leave the direction empty where a "
            "station serves both."
        ),
        "too_many_ends": _(
            "The roads have %(there)s ends of stretches, more than %(most)s. Leave small roads out."
        ),
        "no_trips": _(
            "No two towns of the layers lie on the roads 50 km or more from each other. The ends "
            "of stretches must have the names of towns."
        ),
        "falls_apart": _(
            "The roads fall into %(parts)s parts that nothing joins, and none of them has two "
            "towns 50 km or more apart. Stretches that meet must have an end of the same name."
        ),
        "no_way": _("The roads do not join any two of the towns."),
        "stretch_too_long": _(
            "The range of %(range)s km is too short for every trip. The shortest gap that is too "
            "long is from %(begin)s to %(end)s, %(km)s km."
        ),
    }


def _other_words(_values: Mapping[str, Any]) -> dict[str, str]:
    return {
        "no_plan": _("There is no such plan: %(reason)s."),
        "too_large": _(
            "This is too much at once. Choose fewer candidates or a shorter reach; least travel "
            "takes fewer than reach."
        ),
        "too_long": _("The work took too long and was stopped. Ask with fewer candidates."),
        "error": _(
            "Something went wrong that was not foreseen; nothing was kept. It is in the log with "
            "the id of the study."
        ),
        "worker_lost": _("The work was cut off three times. Ask again, with fewer candidates."),
    }
