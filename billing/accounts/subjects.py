"""The door for who knows tokens, drivers and bays: what a fee is for (``FEE_SUBJECTS``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class FeeSubject:
    """What a fee is for: how it is named for good, what it is called, where its page is."""

    ref: str
    label: str
    url: str = ""


class FeeSubjects(Protocol):
    """Whoever knows what fees can be for."""

    def find(self, kind: str, text: str) -> FeeSubject | None:
        """What ``text`` names among the operator's own; None if nothing or several."""
        ...

    def url(self, kind: str, ref: str) -> str:
        """The page of what a fee is for; empty where there is none."""
        ...


class AnySubject:
    """Where nobody plugs in: every name is taken as it is."""

    def find(self, kind: str, text: str) -> FeeSubject | None:
        """The text itself."""
        return FeeSubject(text, text)

    def url(self, kind: str, ref: str) -> str:
        """No page."""
        return ""


def subjects() -> FeeSubjects:
    """The source that the installation names."""
    return _subjects(str(settings.FEE_SUBJECTS))


@cache
def _subjects(path: str) -> FeeSubjects:
    found: FeeSubjects = import_string(path)()
    return found
