"""Table of companies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.lists.tables import ListTable, StatusColumn, TextColumn, TitleColumn
from customers.companies.models import Company


class CompanyTable(ListTable):
    """Companies by name."""

    name = TitleColumn(_("Company"), detail="company_detail", key="public_id")
    status = StatusColumn(_("Status"), kind="token")
    organisation_number = TextColumn(
        _("Organisation number"), accessor="shown_organisation_number", orderable=False
    )
    contact_name = TextColumn(_("Contact person"))
    contact_phone = TextColumn(_("Phone"), card_hide=True)
    driver_count = TextColumn(_("Drivers"), end=True)

    class Meta(ListTable.Meta):
        model = Company
        fields: tuple[str, ...] = ()
        order_by = "name"
