"""The way to putting right, on the page of a session (``SESSION_PANELS``)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.panels import Panel
from customers.righted.models import SessionRighting
from stations.sessions.models import Session, SessionState


class RightingPanel:
    """What was put right so far, and the button."""

    def panel(self, request: HttpRequest, session: Session) -> Panel | None:
        """For those who decide about sessions, once it is over."""
        if session.state == SessionState.ACTIVE:
            return None
        if not has_permission(request, Permission.REVIEW_DECIDE):
            return None
        rows = SessionRighting.objects.filter(session=session).select_related("credit_note")
        return Panel(
            _("Put right"),
            "customers/righting/_session_panel.html",
            {"session": session, "before": list(rows)},
        )


source = RightingPanel()
