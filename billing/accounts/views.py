"""The lists of billing accounts and price groups, and the page of one account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from billing.accounts.dated import operator_day
from billing.accounts.filters import AccountFilter
from billing.accounts.page import account_context, find_account_or_404
from billing.accounts.selectors import account_rows, memberships_of
from billing.accounts.tables import AccountTable
from billing.accounts.vat_services import vat_check_of
from billing.accounts.vies import COVERED
from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view

ACCOUNTS = ListSpec(
    name="billing_accounts",
    title=_("Billing accounts"),
    permission=Permission.ACCOUNT_VIEW,
    queryset=lambda request: account_rows(operator_day(operator_of(request))),
    filterset=AccountFilter,
    table=AccountTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("kind"),
        CsvColumn("name"),
        CsvColumn("organisation_number"),
        CsvColumn("vat_number"),
        CsvColumn("address"),
        CsvColumn("address_extra"),
        CsvColumn("postal_code"),
        CsvColumn("city"),
        CsvColumn("country_code"),
        CsvColumn("language"),
        CsvColumn("currency"),
        CsvColumn("payment_terms_days"),
        CsvColumn("emails", lambda row: " ".join(row.emails)),
        CsvColumn("peppol_address"),
        CsvColumn("buyer_reference"),
        CsvColumn("order_number"),
        CsvColumn("invoice_rhythm"),
        CsvColumn("invoice_grouping"),
        CsvColumn("credit_limit_amount"),
        CsvColumn("price_group", "group_name"),
        CsvColumn("status"),
        CsvColumn("status_reason"),
        CsvColumn("created_at"),
    ),
    empty=EmptyText(
        _("No billing account yet"),
        _("An account pays for the sessions of its drivers and companies."),
        "billing_account_create",
        _("Create an account"),
        Permission.ACCOUNT_EDIT,
    ),
    search_hint=_("Name, number, reference or e-mail"),
    actions=(
        ListAction(_("New account"), "billing_account_create", permission=Permission.ACCOUNT_EDIT),
        ListAction(
            _("Import"), "import_create", "upload", Permission.IMPORT_USE, False,
            "kind=billing-accounts",
        ),
    ),
)  # fmt: skip

account_list = list_view(ACCOUNTS)


@permission_required(Permission.ACCOUNT_VIEW)
@require_safe
def account_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The account: where invoices go, its terms, its price groups over time."""
    account = find_account_or_404(public_id)
    today = operator_day(account.operator)
    context = account_context(request, account, "overview") | {
        "memberships": [(row, row.holds_on(today)) for row in memberships_of(account)],
        "address_lines": account.address_lines,
        "vat_check": vat_check_of(account),
        "vat_is_covered": account.vat_number[:2] in COVERED,
    }
    return render(request, "billing/accounts/account_detail.html", context)
