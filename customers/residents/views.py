"""Lists and pages of residents and bays."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from billing.accounts.fee_models import SubjectKind
from billing.accounts.fee_selectors import fees
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.tenancy.today import operator_today
from customers.residents.filters import BayFilter, ResidentFilter
from customers.residents.last_month import with_last_month
from customers.residents.models import Bay, Resident
from customers.residents.moving import tokens_to_end
from customers.residents.selectors import bay_rows, bays, residents, residents_of, uids_of
from customers.residents.stay import status_on
from customers.residents.tables import BayTable, ResidentTable
from customers.tokens.models import IdToken


def _shown_tokens(request: HttpRequest) -> Prefetch[str]:
    """The drivers' cards; none for readers who may not see cards."""
    sees = has_permission(request, Permission.TOKEN_VIEW)
    tokens = IdToken.objects.all() if sees else IdToken.objects.none()
    return Prefetch("driver__tokens", queryset=tokens)


RESIDENTS = ListSpec(
    name="residents",
    title=_("Residents"),
    permission=Permission.RESIDENT_VIEW,
    queryset=lambda request: with_last_month(residents(), operator_today()).prefetch_related(
        _shown_tokens(request)
    ),
    filterset=ResidentFilter,
    table=ResidentTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("site", "site.name"),
        CsvColumn("site_id", "site.public_id", label=_("Site (public id)")),
        CsvColumn("object_number"),
        CsvColumn("apartment"),
        CsvColumn("bay", "bay.name"),
        CsvColumn("name"),
        CsvColumn("email"),
        CsvColumn("phone"),
        CsvColumn("valid_from_on"),
        CsvColumn("valid_until_on"),
        CsvColumn("waits_since_on"),
        CsvColumn("month_gross", label=_("Last month")),
        CsvColumn("month_currency", label=_("Currency")),
        CsvColumn("driver", "driver.public_id", label=_("Driver (public id)")),
        CsvColumn("account", "account.public_id", label=_("Billing account (public id)")),
        CsvColumn("tokens", uids_of, label=_("Cards")),
        CsvColumn("note"),
    ),
    empty=EmptyText(
        _("No resident yet"),
        _("The register says who lives and parks where, for basis and final bills."),
        "resident_create",
        _("Add a resident"),
        Permission.RESIDENT_EDIT,
    ),
    search_hint=_("Name, object, apartment, bay or site"),
    actions=(
        ListAction(_("Bays"), "bay_list", "map-pin", Permission.RESIDENT_VIEW, False),
        ListAction(
            _("Import"), "import_create", "upload", Permission.IMPORT_USE, False, "kind=residents"
        ),
        ListAction(_("New resident"), "resident_create", permission=Permission.RESIDENT_EDIT),
    ),
)
BAYS = ListSpec(
    name="bays",
    title=_("Bays"),
    permission=Permission.RESIDENT_VIEW,
    queryset=lambda _request: bay_rows(operator_today()),
    filterset=BayFilter,
    table=BayTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("site", "site.name"),
        CsvColumn("site_id", "site.public_id", label=_("Site (public id)")),
        CsvColumn("name"),
        CsvColumn("resident_name", label=_("Resident today")),
        CsvColumn("resident_apartment", label=_("Apartment")),
        CsvColumn("evse", "evse.public_id"),
        CsvColumn("note"),
    ),
    empty=EmptyText(
        _("No bay yet"),
        _("Bays come with their residents, or are added one by one."),
        "bay_create",
        _("Add a bay"),
        Permission.RESIDENT_EDIT,
    ),
    search_hint=_("Bay or site"),
    actions=(
        ListAction(_("Residents"), "resident_list", "home", Permission.RESIDENT_VIEW, False),
        ListAction(_("New bay"), "bay_create", permission=Permission.RESIDENT_EDIT),
    ),
)
resident_list = list_view(RESIDENTS)
bay_list = list_view(BAYS)


def find_resident_or_404(public_id: str) -> Resident:
    """The resident in scope."""
    row: Resident = get_object_or_404(
        residents().select_related("site__operator"), public_id=public_id
    )
    return row


def find_bay_or_404(public_id: str) -> Bay:
    """The bay in scope."""
    row: Bay = get_object_or_404(bays(), public_id=public_id)
    return row


@permission_required(Permission.RESIDENT_VIEW)
@require_safe
def resident_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who lives there, with what cards and fees, and the final bill."""
    resident = find_resident_or_404(public_id)
    sees_account = has_permission(request, Permission.ACCOUNT_VIEW)
    context: dict[str, Any] = {
        "resident": resident,
        "shown_status": status_on(
            operator_today(), resident.valid_from_on, resident.valid_until_on
        ),
        "tokens": tokens_to_end(resident)
        if has_permission(request, Permission.TOKEN_VIEW)
        else list[IdToken](),
        "fees": fees().filter(account=resident.account)[:50]
        if sees_account and resident.account
        else [],
        "sees_account": sees_account,
        "sees_driver": has_permission(request, Permission.DRIVER_VIEW),
        "sees_runs": has_permission(request, Permission.INVOICE_VIEW),
        "can_edit": has_permission(request, Permission.RESIDENT_EDIT),
    }
    return render(request, "customers/residents/resident_detail.html", context)


@permission_required(Permission.RESIDENT_VIEW)
@require_safe
def bay_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who has and had the bay, and its fees."""
    bay = find_bay_or_404(public_id)
    today = operator_today()
    rows = residents_of(bay)[:100]
    context = {
        "bay": bay,
        "residents": [
            (row, status_on(today, row.valid_from_on, row.valid_until_on)) for row in rows
        ],
        "fees": fees().filter(subject_kind=SubjectKind.BAY, subject_ref=bay.public_id)[:50]
        if has_permission(request, Permission.ACCOUNT_VIEW)
        else [],
        "sees_fees": has_permission(request, Permission.ACCOUNT_VIEW),
        "can_edit": has_permission(request, Permission.RESIDENT_EDIT),
    }
    return render(request, "customers/residents/bay_detail.html", context)
