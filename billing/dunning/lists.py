"""The list of late invoices."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.accounts.dated import operator_day
from billing.accounts.fee_lists import account_choices
from billing.dunning.facts import overdue, pauses_on
from billing.dunning.models import DunningPause, DunningStep, StepKind
from billing.invoices.models import Invoice
from core.accounts.middleware import operator_of
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.lists.filters import BooleanFilter, ChoiceFilter, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import LinkColumn, ListTable, TextColumn, TitleColumn
from core.tenancy.today import operator_today
from core.ui import html, units


def with_last_step(rows: QuerySet[Invoice]) -> QuerySet[Any]:
    """The invoices with their accounts, ``last_step`` and its day."""
    steps = DunningStep.objects.filter(invoice=OuterRef("pk")).order_by("-done_on", "-pk")
    return rows.select_related("account").annotate(
        last_step=Subquery(steps.values("step")[:1]),
        last_step_on=Subquery(steps.values("done_on")[:1]),
    )


def _rows(request: HttpRequest) -> QuerySet[Any]:
    operator: Operator = operator_of(request)
    return with_last_step(overdue(operator_day(operator)))


class DunningFilter(ListFilterSet):
    """Late invoices by text, account, last step, and whether they are disputed or paused."""

    search_fields = ("number", "ocr", "account__name", "public_id")
    account = ModelChoiceFilter(
        queryset=account_choices, to_field_name="public_id", label=_("Account")
    )
    last_step = ChoiceFilter(label=_("Last step"), choices=StepKind.choices)
    is_disputed = BooleanFilter(label=_("Disputed"))
    paused = BooleanFilter(method="by_pause", label=_("Paused today"))

    class Meta:
        model = Invoice
        fields: list[str] = []

    def by_pause(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:
        """By pauses of the invoice or of its account."""
        holding = DunningPause.objects.filter(pauses_on(operator_today()))
        mine = Q(pk__in=holding.exclude(invoice=None).order_by().values("invoice_id")) | Q(
            account__in=holding.filter(invoice=None).order_by().values("account_id")
        )
        return queryset.filter(mine) if value else queryset.exclude(mine)


class DunningTable(ListTable):
    """Late invoices, the longest due first."""

    number = TitleColumn(_("Invoice"), detail="dunning_detail", key="public_id")
    account = LinkColumn(
        _("Account"),
        detail="billing_account_detail",
        key="account.public_id",
        order_by="account__name",
    )
    due_on = TextColumn(_("Due date"))
    open_amount = TextColumn(_("Left to pay"), end=True)
    last_step = TextColumn(_("Last step"))
    last_step_on = TextColumn(_("Taken"))
    is_disputed = TextColumn(_("Disputed"), card_hide=True)

    class Meta(ListTable.Meta):
        model = Invoice
        fields: tuple[str, ...] = ()

    def render_open_amount(self, record: Any) -> str:
        """With its currency."""
        return units.money(record.open_amount, record.currency)

    def render_last_step(self, value: str) -> SafeString:
        """Colour and word."""
        return html.status_html(value, "dunning")

    def render_is_disputed(self, value: bool) -> SafeString:
        """Yes, or a dash."""
        return html.status_html(str(value).lower(), "yes_no") if value else format_html("–")


DUNNING = ListSpec(
    name="dunning",
    title=_("Late invoices"),
    permission=Permission.PAYMENT_VIEW,
    queryset=_rows,
    filterset=DunningFilter,
    table=DunningTable,
    csv=(
        CsvColumn("number"),
        CsvColumn("account", "account.name"),
        CsvColumn("account_id", "account.public_id", label=_("Account (public id)")),
        CsvColumn("ocr"),
        CsvColumn("issued_on"),
        CsvColumn("due_on"),
        CsvColumn("currency"),
        CsvColumn("payable"),
        CsvColumn("open_amount"),
        CsvColumn("last_step", label=_("Last step")),
        CsvColumn("last_step_on", label=_("Taken")),
        CsvColumn("is_disputed"),
    ),
    empty=EmptyText(
        _("Nobody is late"),
        _("Invoices that are open after their due day stand here with what was done about them."),
    ),
    search_hint=_("Invoice, reference, account"),
    actions=(
        ListAction(
            _("Ageing list"), "ageing_list", icon="table", permission=Permission.PAYMENT_VIEW,
            primary=False,
        ),
        ListAction(
            _("Plan"), "dunning_plan", icon="adjustments", permission=Permission.PAYMENT_VIEW,
            primary=False,
        ),
        ListAction(
            _("Reference rates"), "reference_rates", icon="chart-line",
            permission=Permission.PAYMENT_VIEW, primary=False,
        ),
        ListAction(
            _("Collection files"), "collection_files", icon="file-text",
            permission=Permission.PAYMENT_VIEW, primary=False,
        ),
    ),
)  # fmt: skip
