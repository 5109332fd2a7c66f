"""What may be done to many held sessions at once."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from billing.rating.models import SessionBilling
from billing.review.decisions import decide
from billing.review.models import DecisionKind, DecisionState
from billing.review.services import request_retry
from core.accounts.permissions import Permission
from core.lists.actions import BulkAction, BulkContext


def _decide(kind: DecisionKind) -> Callable[[SessionBilling, BulkContext], str | None]:
    def apply(billing: SessionBilling, context: BulkContext) -> str | None:
        decision = decide(billing=billing, kind=kind, reason=context.values["reason"])
        if decision.state == DecisionState.PROPOSED:
            return _t("Waits for a second person.")
        return None

    return apply


def _retry(billing: SessionBilling, context: BulkContext) -> None:
    request_retry(billing=billing, reason=context.values["reason"])


ACCEPT = BulkAction(
    name="accept",
    label=_("Accept"),
    permission=Permission.REVIEW_DECIDE,
    consequence=_(
        "Each of these sessions is billed at the price that stands. Those without a price are "
        "refused; above your limit a second person must agree."
    ),
    apply=_decide(DecisionKind.ACCEPT),
    icon="check",
    is_dangerous=False,
)
WAIVE = BulkAction(
    name="waive",
    label=_("Waive"),
    permission=Permission.REVIEW_DECIDE,
    consequence=_("Nobody pays for these sessions. What was billed already is credited."),
    apply=_decide(DecisionKind.WAIVE),
    icon="minus",
)
DROP = BulkAction(
    name="drop",
    label=_("Drop"),
    permission=Permission.REVIEW_DECIDE,
    consequence=_("These were no real sessions: they are neither billed nor counted."),
    apply=_decide(DecisionKind.DROP),
    icon="trash",
)
RETRY = BulkAction(
    name="retry",
    label=_("Try again"),
    permission=Permission.REVIEW_DECIDE,
    consequence=_("Each is rated anew with the tariffs, accounts and readings of now."),
    apply=_retry,
    icon="refresh",
    is_dangerous=False,
)
