"""What may be done to many sessions at once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.actions import BulkAction, BulkContext
from stations.sessions import services
from stations.sessions.models import Session


def _again(session: Session, context: BulkContext) -> None:
    services.request_reconciliation(session=session, reason=context.values["reason"])


RECONCILE = BulkAction(
    name="reconcile",
    label=_("Derive again"),
    permission=Permission.SESSION_CLOSE,
    consequence=_(
        "Each of these sessions is derived again from what its station said, by the rules of "
        "today: energy, times and findings may change. What was closed by hand stays closed."
    ),
    apply=_again,
    icon="refresh",
    is_dangerous=False,
)
