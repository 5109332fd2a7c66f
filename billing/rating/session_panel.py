"""What a session costs, on its page (``SESSION_PANELS``)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.rating.idle_models import IdleNotice
from billing.rating.models import RatedSession, SessionBilling
from billing.rating.running import running_cost
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.panels import Panel
from stations.sessions.models import Session, SessionState


class CostPanel:
    """The price with the way to its lines; of a session that runs, what it has cost so far."""

    def panel(self, request: HttpRequest, session: Session) -> Panel | None:
        """Nothing for readers who may not see prices, nor before billing knows the session."""
        if not has_permission(request, Permission.TARIFF_VIEW):
            return None
        billing = (
            SessionBilling.objects.select_related("tariff_version__tariff")
            .filter(session=session)
            .first()
        )
        if billing is None:
            return None
        rated = RatedSession.objects.filter(session=session, is_current=True).first()
        runs = session.state == SessionState.ACTIVE
        return Panel(
            _("Cost"),
            "billing/rating/_session_panel.html",
            {
                "session": session,
                "billing": billing,
                "rated": None if runs else rated,
                "so_far": running_cost(billing, session, timezone.now()) if runs else None,
                "idle": IdleNotice.objects.filter(session=session).order_by("idle_since_at", "id"),
                "sees_review": has_permission(request, Permission.REVIEW_VIEW),
            },
        )


source = CostPanel()
