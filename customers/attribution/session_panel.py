"""Who pays, on the page of a session (``SESSION_PANELS``)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import has_permission, operator_of
from core.accounts.permissions import Permission
from core.panels import Panel
from customers.attribution.attributor import answer_all, questions_of
from customers.attribution.result import result_of
from stations.sessions.models import Session


class PayerPanel:
    """Account, price group and tariff as of the session's start, and the way to why."""

    def panel(self, request: HttpRequest, session: Session) -> Panel | None:
        """Nothing for readers who may not see accounts."""
        if not has_permission(request, Permission.ACCOUNT_VIEW):
            return None
        operator = operator_of(request)
        answer = answer_all(questions_of([session]), operator)[session.pk]
        return Panel(
            _("Who pays"),
            "customers/attribution/_session_panel.html",
            {"result": result_of(answer), "session": session},
        )


source = PayerPanel()
