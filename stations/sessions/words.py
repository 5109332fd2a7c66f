"""Findings of a session in words, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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


def explain(findings: Iterable[Mapping[str, Any]]) -> list[Explained]:
    """Sentences for stored findings, doubtful ones first; an unknown code explains itself."""
    found = [_explain(finding) for finding in findings]
    return sorted(found, key=lambda e: not e.is_doubtful)


def _explain(finding: Mapping[str, Any]) -> Explained:
    code = str(finding.get("code", ""))
    known = TEXTS.get(code)
    severity = finding.get("severity") or (known.severity if known else "info")
    if known is None:
        return Explained(code, severity == "doubtful", code)
    sentence = gettext(known.text)
    try:
        sentence = sentence % finding.get("params", {})
    except (KeyError, TypeError, ValueError):
        sentence = gettext(known.text)
    return Explained(code, severity == "doubtful", sentence)
