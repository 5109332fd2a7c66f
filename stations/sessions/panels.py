"""The door for upper floors: panels on the page of a session (setting ``SESSION_PANELS``).

The setting names objects, in the order in which their panels stand.
"""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest

from core.panels import Panel
from core.plugins import plugged
from stations.sessions.models import Session


class SessionPanelSource(Protocol):
    """Who knows something about a session that this floor does not: who charged, what it cost."""

    def panel(self, request: HttpRequest, session: Session) -> Panel | None:
        """The panel for this reader; None when there is nothing to show, or not to them."""


def panels(request: HttpRequest, session: Session) -> list[Panel]:
    """All panels for this reader, in the order of the setting."""
    found = (source.panel(request, session) for source in plugged("SESSION_PANELS"))
    return [panel for panel in found if panel is not None]
