"""Incidents in words: a title of one line, and what the rule went by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from stations.incidents.models import Incident


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


WORDS: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {}
"""By kind: the sentence from the facts; each rule adds its own."""
