"""Findings and facts of a session in words, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from stations.sessions.findings import TEXTS


@dataclass(frozen=True, slots=True)
class Explained:
    """One finding for a reader."""

    code: str
    is_doubtful: bool
    text: str


SEVERITY_WORDS = {"info": pgettext_lazy("finding", "Note"), "doubtful": _("Doubtful")}

FACT_WORDS = {
    "start": pgettext_lazy("fact", "Start"),
    "update": pgettext_lazy("fact", "Update"),
    "stop": pgettext_lazy("fact", "Stop"),
    "readings": _("Meter readings"),
}
"""What a fact (stations.sessions.facts) tells."""


def explain(findings: Iterable[Mapping[str, Any]], zone: tzinfo | None = None) -> list[Explained]:
    """Sentences for stored findings, doubtful ones first; an unknown code explains itself.

    Instants are told in ``zone`` (the reader's when None), numbers as the language writes them.
    """
    found = [_explain(finding, zone) for finding in findings]
    return sorted(found, key=lambda e: not e.is_doubtful)


def _explain(finding: Mapping[str, Any], zone: tzinfo | None) -> Explained:
    code = str(finding.get("code", ""))
    known = TEXTS.get(code)
    severity = finding.get("severity") or (known.severity if known else "info")
    if known is None:
        return Explained(code, severity == "doubtful", code)
    sentence = gettext(known.text)
    try:
        sentence = sentence % readable(finding.get("params", {}), zone)
    except (KeyError, TypeError, ValueError):
        sentence = gettext(known.text)
    return Explained(code, severity == "doubtful", sentence)


def readable(params: Mapping[str, Any], zone: tzinfo | None) -> dict[str, str]:
    """Parameters, which are kept as plain text, in the form of the reader's language."""
    return {
        name: _FORMS.get(name, _as_is)(str(value), zone) for name, value in dict(params).items()
    }


def _as_is(text: str, _zone: tzinfo | None) -> str:
    return text


def _moment(text: str, zone: tzinfo | None) -> str:
    try:
        at = parse_datetime(text)
    except ValueError:  # well formed, but no such day
        at = None
    if at is None or timezone.is_naive(at):
        return text
    return timezone.localtime(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def _number(text: str, _zone: tzinfo | None) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number_format(number, use_l10n=True) if number.is_finite() else text


_FORMS: Final[Mapping[str, Callable[[str, tzinfo | None], str]]] = {
    **dict.fromkeys(("at", "from_at", "to_at", "from", "to"), _moment),
    **dict.fromkeys(("wh", "before", "after", "max_power_w", "seconds", "count"), _number),
    **dict.fromkeys(("energy_wh", "signed", "hours", "limit", "amount"), _number),
}
