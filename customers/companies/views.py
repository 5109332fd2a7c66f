"""The list of companies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from customers.companies.bulk import BULK
from customers.companies.filters import CompanyFilter
from customers.companies.selectors import company_rows
from customers.companies.tables import CompanyTable

COMPANIES = ListSpec(
    name="companies",
    title=_("Companies"),
    permission=Permission.DRIVER_VIEW,
    queryset=lambda _request: company_rows(),
    filterset=CompanyFilter,
    table=CompanyTable,
    csv=tuple(
        CsvColumn(name)
        for name in (
            "public_id",
            "name",
            "country_code",
            "organisation_number",
            "contact_name",
            "contact_email",
            "contact_phone",
            "status",
            "status_reason",
            "driver_count",
            "max_concurrent_sessions",
            "max_energy_wh_per_month",
            "max_gross_per_month",
            "limit_currency",
            "created_at",
        )
    ),
    empty=EmptyText(
        _("No company yet"),
        _("A company has drivers, or a pool of cards that several people use."),
        "company_create",
        _("Create a company"),
        Permission.DRIVER_EDIT,
    ),
    bulk=BULK,
    search_hint=_("Name, organisation number or contact"),
    actions=(ListAction(_("New company"), "company_create", permission=Permission.DRIVER_EDIT),),
)

company_list = list_view(COMPANIES)
