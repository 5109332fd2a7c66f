"""The list of letters of warnings: what became of them, and why one was given up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.actions import BulkAction, BulkContext
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import LinkColumn, ListTable, MomentColumn, TextColumn
from stations.maintenance.escalation_models import EscalationLetter, LetterState
from stations.maintenance.letters import letters, send_again
from stations.maintenance.lists import site_choices


class LetterFilter(ListFilterSet):
    """Letters by address, state, site and days."""

    search_fields = ("email", "name", "order__public_id", "error")
    state = ChoiceFilter(label=_("State"), choices=LetterState.choices)
    site = ModelChoiceFilter(
        field_name="order__site", queryset=site_choices, to_field_name="public_id", label=_("Site")
    )
    due = DateRange(field_name="due_at", label=_("Time"))

    class Meta:
        model = EscalationLetter
        fields: list[str] = []


class LetterTable(ListTable):
    """Letters, the latest first."""

    email = TextColumn(_("To"))
    order = LinkColumn(
        _("Work order"), detail="order_detail", key="order.public_id", order_by="order__number"
    )
    site = TextColumn(_("Site"), accessor="order__site", order_by="order__site__name")
    clock = TextColumn(_("Clock"), accessor="warning__get_clock_display", orderable=False)
    stage = TextColumn(_("Stage"), accessor="warning__get_stage_display", orderable=False)
    state = TextColumn(_("State"), accessor="get_state_display", order_by="state")
    attempts = TextColumn(_("Attempts"), end=True)
    error = TextColumn(_("Reason"), orderable=False)
    due_at = MomentColumn(_("Time"))

    class Meta(ListTable.Meta):
        model = EscalationLetter
        fields: tuple[str, ...] = ()


def _again(letter: EscalationLetter, context: BulkContext) -> None:
    send_again(letter=letter, reason=context.values["reason"])


SEND_AGAIN = BulkAction(
    name="send-again",
    label=_("Send again"),
    permission=Permission.ORDER_EDIT,
    consequence=_("Each of these letters that was given up is sent within a minute."),
    apply=_again,
    icon="refresh",
    is_dangerous=False,
)

LETTERS = ListSpec(
    name="work-order-letters",
    title=_("Letters of warnings"),
    permission=Permission.ORDER_EDIT,
    queryset=lambda _request: letters(),
    filterset=LetterFilter,
    table=LetterTable,
    csv=(
        CsvColumn("to", "email"),
        CsvColumn("order", "order.public_id"),
        CsvColumn("site", "order.site.name"),
        CsvColumn("clock", "warning.clock"),
        CsvColumn("stage", "warning.stage"),
        CsvColumn("state"),
        CsvColumn("attempts"),
        CsvColumn("sent_at"),
        CsvColumn("error"),
        CsvColumn("due_at"),
    ),
    empty=EmptyText(
        _("No letter yet"),
        _("Contacts of agreements are written to when a promised time runs out."),
    ),
    search_hint=_("Address, order or reason"),
    bulk=(SEND_AGAIN,),
    keys=("pk",),
)
