"""Incidents in words: a title of one line, and what the rule went by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.hardware.fault_words import WORDS as WORDS_OF_CODES
from stations.hardware.fault_words import fault_words
from stations.incidents.choices import EventKind, FaultClass, Resolution, RunState, StepState
from stations.incidents.models import Incident, IncidentEvent
from stations.incidents.remedy_models import RemedyRun


def title_of(incident: Incident) -> str:
    """What is wrong and where, in one line."""
    return _("%(what)s: %(where)s") % {
        "what": incident.get_kind_display(),
        "where": place_of(incident),
    }


def place_of(incident: Incident) -> str:
    """EVSE, station or site."""
    if incident.station is None:
        return str(incident.site)
    if incident.evse is None:
        return str(incident.station)
    return _("%(station)s, EVSE %(number)s") % {
        "station": incident.station,
        "number": incident.evse.number,
    }


def explained(incident: Incident) -> str:
    """What the incident was opened for, from its own words or the figures of its rule."""
    if incident.summary:
        return incident.summary
    worded = WORDS.get(incident.kind)
    if worded is None:
        return ""
    try:
        return worded(incident.facts)
    except (KeyError, TypeError, ValueError):
        return ""


def _fault(facts: Mapping[str, Any]) -> str:
    code, meaning = str(facts["code"]), str(facts["meaning"])
    # The name of a code of a list is no meaning of its own: it is told in the reader's language.
    words = fault_words(code or meaning)
    if meaning and meaning.strip().lower() not in WORDS_OF_CODES:
        words = f"{words}: {meaning}" if code.strip().lower() in WORDS_OF_CODES else meaning
    return _("The station reports: %(fault)s (%(class)s).") % {
        "fault": words or _("a fault without a code"),
        "class": str(dict(FaultClass.choices).get(facts["class"], facts["class"])),
    }


def _unavailable(_facts: Mapping[str, Any]) -> str:
    return _("The station says it is out of service, and nobody here took it out.")


def _stuck(facts: Mapping[str, Any]) -> str:
    if facts["status"] == "preparing":
        return _("A car seems to be plugged in for many hours without any session.")
    return _("The station says it is charging, but no session runs.")


def _offline(facts: Mapping[str, Any]) -> str:
    minutes = int(facts["threshold_s"]) // 60
    return _("No contact for longer than the %(minutes)d minutes that are usual.") % {
        "minutes": minutes
    }


def _dark(facts: Mapping[str, Any]) -> str:
    return _(
        "All %(stations)d stations of the site lost contact within %(seconds)d seconds: likely "
        "the site's network or power, not the stations."
    ) % {"stations": facts["stations"], "seconds": facts["spread_s"]}


def _boots(facts: Mapping[str, Any]) -> str:
    return _("Restarted %(times)d times within %(minutes)d minutes.") % {
        "times": facts["times"],
        "minutes": int(facts["within_s"]) // 60,
    }


def _empty(facts: Mapping[str, Any]) -> str:
    return _(
        "%(sessions)d sessions in a row without energy, by %(drivers)d drivers. With the EVSE's "
        "own success rate of %(rate)s %% that is chance once in %(once)s."
    ) % {
        "sessions": facts["sessions"],
        "drivers": facts["drivers"],
        "rate": f"{facts['success_rate'] * 100:.0f}",
        "once": f"{1 / max(facts['chance'], 1e-6):.0f}",
    }


def _in_a_row(facts: Mapping[str, Any]) -> str:
    return _("%(sessions)d sessions in a row, by %(drivers)d drivers.") % {
        "sessions": facts["sessions"],
        "drivers": facts["drivers"],
    }


def _refused(facts: Mapping[str, Any]) -> str:
    return _("%(attempts)d refusals in a row of %(tokens)d different cards.") % facts


def _power(facts: Mapping[str, Any]) -> str:
    return _(
        "The best of the last %(sessions)d sessions took %(best).1f kW; before it was %(used).1f "
        "kW, and the EVSE is rated at %(rating).1f kW."
    ) % {
        "sessions": facts["sessions"],
        "best": facts["best_w"] / 1000,
        "used": facts["used_w"] / 1000,
        "rating": facts["rating_w"] / 1000,
    }


def _security(facts: Mapping[str, Any]) -> str:
    return _("The station reports: %(names)s.") % {"names": ", ".join(facts["names"])}


def _certificate(facts: Mapping[str, Any]) -> str:
    return _("%(name)s ends at %(ends_at)s.") % facts


def _silent(facts: Mapping[str, Any]) -> str:
    if facts["test"] == "siblings":
        return _(
            "Its neighbours had %(siblings)d sessions since its last one, and %(share)s %% of the "
            "site's sessions used to be its own: the probability that none was is %(chance)s %%."
        ) % _shares(facts)
    return _(
        "It used to have %(per_week)s sessions a week and should have had %(expected)s since its "
        "last one: the probability of none is %(chance)s %%."
    ) % _shares(facts)


def _shares(facts: Mapping[str, Any]) -> dict[str, Any]:
    return dict(facts) | {
        "share": f"{facts['share'] * 100:.0f}",
        "chance": f"{facts['chance'] * 100:.2g}",
    }


ACTIONS: Final[dict[str, str | Promise]] = {
    "trigger_status": gettext_lazy("ask for the status"),
    "heartbeat": gettext_lazy("ask for a sign of life"),
    "soft_reset": gettext_lazy("soft restart"),
    "hard_reset": gettext_lazy("hard restart"),
    "unlock": gettext_lazy("release the cable"),
    "clear_cache": gettext_lazy("clear the card cache"),
    "availability_off": gettext_lazy("take out of service for a moment"),
    "availability_on": gettext_lazy("put into service"),
    "out_of_service": gettext_lazy("take out of service"),
}
"""Steps of remedies."""
REASONS: Final[dict[str, str | Promise]] = {
    "off": gettext_lazy("remedies are off"),
    "hands_off": gettext_lazy("the station is marked hands-off"),
    "maintenance": gettext_lazy("a maintenance window is open"),
    "safety": gettext_lazy("nothing is restarted after a safety fault"),
    "offline": gettext_lazy("the station is away"),
    "session": gettext_lazy("a session runs"),
    "plugged": gettext_lazy("a car is plugged in or may start"),
    "hours": gettext_lazy("not at this hour"),
    "too_many_day": gettext_lazy("restarted often enough today"),
    "too_many_6h": gettext_lazy("restarted often enough lately"),
    "cool_down": gettext_lazy("rest after the last run"),
    "site_busy": gettext_lazy("another station of the site is being healed"),
    "exhausted": gettext_lazy("no step helped"),
    "needs_person": gettext_lazy("a person must look at it"),
    "worse": gettext_lazy("it got worse"),
    "works": gettext_lazy("it works again"),
    "gone": gettext_lazy("it went away by itself"),
    "dry_run": gettext_lazy("remedies are only written down"),
}
"""Why a run of a remedy waits, or ended."""


def event_text(event: IncidentEvent) -> str:
    """A line of the timeline in words."""
    facts = event.facts
    if event.kind != EventKind.REMEDY:
        how = dict(Resolution.choices).get(facts.get("how", ""), "")
        return event.text or str(how)
    if "run" in facts:
        state = dict(RunState.choices).get(facts["run"], facts["run"])
        return f"{state}: {REASONS.get(facts['why'], facts['why'])}"
    action = ACTIONS.get(facts.get("action", ""), facts.get("action", ""))
    state = dict(StepState.choices).get(facts.get("state", ""), "")
    answer = facts.get("answer", "")
    more = f" ({REASONS.get(answer, answer)})" if answer else ""
    return f"{action}: {state}{more}"


def doing_text(run: RemedyRun | None) -> str:
    """What is being done about an incident, by its last run."""
    if run is None:
        return ""
    if run.is_dry:
        return _("A remedy was only written down")
    if run.state == RunState.RUNNING:
        if run.waits_for:
            reason = REASONS.get(run.waits_for, run.waits_for)
            return _("A remedy waits: %(reason)s") % {"reason": reason}
        return _("Is being healed")
    reason = REASONS.get(run.why, run.why)
    return _("A remedy ended: %(reason)s") % {"reason": reason}


WORDS: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "safety": _fault,
    "faulted": _fault,
    "temperature": _fault,
    "unavailable": _unavailable,
    "stuck": _stuck,
    "offline": _offline,
    "site_dark": _dark,
    "boot_loop": _boots,
    "zero_energy": _empty,
    "stop_reason": _in_a_row,
    "meter": _in_a_row,
    "clock": _in_a_row,
    "refused": _refused,
    "low_power": _power,
    "security": _security,
    "certificate": _certificate,
    "silent": _silent,
}
"""By kind: the sentence from the facts."""
