"""Lists of the portal: filtered, cut to a page, and as files; the API uses the same filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from core.errors import RuleViolation
from core.lists.chips import applied
from core.lists.export import FORMATS, export_response
from core.lists.filters import BooleanFilter, ChoiceFilter, DateRange, ListFilterSet
from core.lists.paging import page_number, window
from core.lists.spec import CsvColumn, EmptyText, ListSpec
from core.lists.tables import ListTable
from stations.sessions.models import Session, SessionState

PAGE: Final = 25


class MySessionFilter(ListFilterSet):
    """By place, days and state."""

    search_fields: Sequence[str] = (
        "station__name",
        "station__site__name",
        "station__site__city",
        "public_id",
    )
    started = DateRange(label=_("Started"), field_name="first_received_at")
    state = ChoiceFilter(label=_("State"), choices=SessionState.choices)

    class Meta:
        model = Session
        fields: list[str] = []


class CompanySessionFilter(MySessionFilter):
    """By driver and cost centre too."""

    search_fields = (
        *MySessionFilter.search_fields, "token_snapshot__driver_name", "token_snapshot__label",
    )  # fmt: skip
    driver = ChoiceFilter(
        label=_("Driver"), choices=[], method="of_driver", null_label=None, empty_label=_("All")
    )
    cost_centre = ChoiceFilter(
        label=_("Cost centre"), choices=[], method="of_cost_centre", empty_label=_("All")
    )

    def __init__(
        self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.filters[name].extra["choices"] = found

    def of_driver(self, rows: QuerySet[Session], _name: str, value: str) -> QuerySet[Session]:
        """Those of one driver."""
        return rows.filter(token_snapshot__driver=value)

    def of_cost_centre(self, rows: QuerySet[Session], _name: str, value: str) -> QuerySet[Session]:
        """Those of one cost centre, as it was then."""
        return rows.filter(token_snapshot__cost_centre=value)


class MyInvoiceFilter(ListFilterSet):
    """By number, kind, state and days."""

    search_fields = ("number", "ocr")
    kind = ChoiceFilter(label=_("Kind"), choices=InvoiceKind.choices[:2])
    state = ChoiceFilter(label=_("State"), choices=InvoiceState.choices[1:])
    is_open = BooleanFilter(label=_("To be paid"), method="to_be_paid")
    issued = DateRange(label=_("Issued"), field_name="issued_on")

    class Meta:
        model = Invoice
        fields: list[str] = []

    def to_be_paid(self, rows: QuerySet[Invoice], _name: str, value: bool) -> QuerySet[Invoice]:
        """Invoices of which something is open, or all others."""
        is_open = Q(kind=InvoiceKind.INVOICE, open_amount__gt=0)
        return rows.filter(is_open if value else ~is_open)


def price_of(session: Session) -> Any:
    """The current price of a session with ``prices``; None where there is none."""
    found = getattr(session, "prices", None)
    return found[0] if found else None


def _of_price(name: str) -> Callable[[Session], object]:
    def value(session: Session) -> object:
        price = price_of(session)
        return getattr(price, name) if price is not None else None

    return value


def _of_snapshot(name: str) -> Callable[[Session], object]:
    def value(session: Session) -> object:
        return session.token_snapshot.get(name, "")

    return value


SESSION_COLUMNS: Final = (
    CsvColumn("public_id"),
    CsvColumn("started_at"),
    CsvColumn("stopped_at"),
    CsvColumn("site", "station.site.name"),
    CsvColumn("station", "station.name"),
    CsvColumn("evse_number"),
    CsvColumn("energy_wh"),
    CsvColumn("card", _of_snapshot("label")),
    CsvColumn("net", _of_price("net")),
    CsvColumn("tax", _of_price("tax")),
    CsvColumn("gross", _of_price("gross")),
    CsvColumn("currency", _of_price("currency")),
)
PERSON_COLUMNS: Final = tuple(
    CsvColumn(name, _of_snapshot(name))
    for name in ("driver_name", "employee_number", "cost_centre")
)
INVOICE_COLUMNS: Final = (
    CsvColumn("number"),
    CsvColumn("kind"),
    CsvColumn("state"),
    CsvColumn("account", "account.name"),
    CsvColumn("issued_on"),
    CsvColumn("due_on"),
    CsvColumn("currency"),
    CsvColumn("net"),
    CsvColumn("tax"),
    CsvColumn("gross"),
    CsvColumn("payable"),
    CsvColumn("paid_amount"),
    CsvColumn("open_amount"),
    CsvColumn("ocr"),
)


def listing(request: HttpRequest, filterset: ListFilterSet) -> dict[str, Any]:
    """One page of what the filters leave, with chips and page numbers."""
    paginator = Paginator(filterset.result, PAGE)
    number = page_number(request.GET.get("page"), paginator.num_pages)
    return {
        "filterset": filterset,
        "filters": [filterset.form[name] for name in filterset.form.fields if name != "q"],
        "chips": applied(filterset, request.GET),
        "page": paginator.page(number),
        "count": paginator.count,
        "numbers": window(number, paginator.num_pages),
    }


def download(
    request: HttpRequest,
    filterset: ListFilterSet,
    *,
    name: str,
    title: str | Promise,
    columns: Sequence[CsvColumn],
) -> HttpResponseBase | None:
    """The file that ``?format=`` asks for, of exactly what is filtered; None for a page."""
    if request.GET.get("format") not in FORMATS:
        return None
    if not filterset.is_valid():
        return _refusal(_gettext("A filter is wrong, so nothing was exported."))
    spec = ListSpec(
        name=name, title=title, permission="", queryset=lambda _request: filterset.result,
        filterset=type(filterset), table=ListTable, csv=columns, empty=EmptyText(""),
    )  # fmt: skip
    try:
        return export_response(request, spec, filterset.result, list(columns))
    except RuleViolation as refusal:
        return _refusal(str(refusal.message))


def _refusal(text: str) -> HttpResponse:
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
