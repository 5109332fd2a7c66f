"""The review queue."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.review import selectors
from billing.review.bulk import ACCEPT, DROP, RETRY, WAIVE
from billing.review.filters import ReviewFilter
from billing.review.tables import ReviewTable
from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view


def _context(_request: HttpRequest) -> dict[str, Any]:
    return {"reasons": selectors.reason_counts()}


REVIEW = ListSpec(
    name="review",
    title=_("Review queue"),
    permission=Permission.REVIEW_VIEW,
    queryset=lambda _request: selectors.queue(),
    filterset=ReviewFilter,
    table=ReviewTable,
    csv=(
        CsvColumn("session", "session.public_id"),
        CsvColumn("state"),
        CsvColumn("held_since_at", label=_("Held since")),
        CsvColumn(
            "reasons",
            lambda row: " ".join(one.code for one in row.open_holds),
            label=_("Reasons"),
        ),
        CsvColumn("site", "session.station.site.name"),
        CsvColumn("station", "session.station.name"),
        CsvColumn("started_at", "session.started_at"),
        CsvColumn("stopped_at", "session.stopped_at"),
        CsvColumn("energy_wh", "session.energy_wh"),
        CsvColumn("currency", label=_("Currency")),
        CsvColumn("gross", label=_("At stake")),
    ),
    empty=EmptyText(
        _("Nothing is held"),
        _("Sessions that are doubtful wait here for a decision before anybody is billed."),
    ),
    search_hint=_("Session, card, station or site"),
    bulk=(ACCEPT, WAIVE, DROP, RETRY),
    keys=("session__public_id",),
    actions=(
        ListAction(
            _("Rules"),
            "review_rules",
            icon="adjustments",
            permission=Permission.REVIEW_VIEW,
            primary=False,
        ),
    ),
    template="billing/review/review_list.html",
    context=_context,
)

review_list = list_view(REVIEW)
