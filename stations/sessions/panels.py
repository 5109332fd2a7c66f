"""The door for upper floors: panels on the page of a session (setting ``SESSION_PANELS``).

The setting names objects, in the order in which their panels stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.http import HttpRequest
from django.utils.functional import Promise

from core.plugins import plugged
from stations.sessions.models import Session


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its heading, the template of its body, and what that template shows as
    ``panel``."""

    title: str | Promise
    template: str
    content: Mapping[str, Any] = field(default_factory=dict)


class SessionPanelSource(Protocol):
    """Who knows something about a session that this floor does not: who charged, what it cost."""

    def panel(self, request: HttpRequest, session: Session) -> Panel | None:
        """The panel for this reader; None when there is nothing to show, or not to them."""


def panels(request: HttpRequest, session: Session) -> list[Panel]:
    """All panels for this reader, in the order of the setting."""
    found = (source.panel(request, session) for source in plugged("SESSION_PANELS"))
    return [panel for panel in found if panel is not None]
