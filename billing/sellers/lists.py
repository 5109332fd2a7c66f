"""The lists of sellers and site contracts: filters, tables, files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounts.dated import holding_on
from billing.sellers.models import ContractForm, Seller, SiteContract
from billing.sellers.selectors import contracts, seller_rows, sellers
from core.accounts.permissions import Permission
from core.lists.filters import ChoiceFilter, ListFilterSet, ModelChoiceFilter
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import LinkColumn, ListTable, StatusColumn, TextColumn, TitleColumn
from core.tenancy.today import operator_today

STATES = [("active", _("In use")), ("retired", _("Retired"))]
OWNERSHIP = [("own", _("The operator's own")), ("host", _("Site hosts"))]
TIMES = [("today", _("Today")), ("past", _("Past")), ("coming", _("Coming"))]


class SellerFilter(ListFilterSet):
    """Sellers by text, whose they are, and whether they are in use."""

    search_fields = ("name", "organisation_number", "vat_number", "city", "public_id")
    whose = ChoiceFilter(method="by_whose", label=_("Whose"), choices=OWNERSHIP)
    state = ChoiceFilter(method="by_state", label=_("State"), choices=STATES)

    class Meta:
        model = Seller
        fields: list[str] = []

    def by_whose(self, queryset: QuerySet[Seller], _name: str, value: str) -> QuerySet[Seller]:
        """The operator's own, or hosts."""
        return queryset.filter(is_host=value == "host")

    def by_state(self, queryset: QuerySet[Seller], _name: str, value: str) -> QuerySet[Seller]:
        """In use or retired."""
        return queryset.filter(retired_on__isnull=value == "active")


class SellerTable(ListTable):
    """Sellers by name."""

    name = TitleColumn(_("Seller"), detail="seller_detail", key="public_id")
    shown_status = StatusColumn(_("Status"), kind="price_group", orderable=False)
    is_default = StatusColumn(_("Default"), kind="yes_no")
    is_host = StatusColumn(_("Site host"), kind="yes_no", card_hide=True)
    organisation_number = TextColumn(_("Organisation number"))
    is_vat_registered = StatusColumn(_("VAT"), kind="yes_no", card_hide=True)
    city = TextColumn(_("Town"), card_hide=True)
    site_count = TextColumn(_("Sites by contract"), end=True)

    class Meta(ListTable.Meta):
        model = Seller
        fields: tuple[str, ...] = ()
        order_by = "name"


def seller_choices(_request: HttpRequest | None) -> QuerySet[Seller]:
    """Sellers of the operator in scope."""
    return sellers()


class ContractFilter(ListFilterSet):
    """Site contracts by text, form, seller, host, and when they hold."""

    search_fields = ("site__name", "seller__name", "host__name", "note")
    form_of = ChoiceFilter(field_name="form", label=_("Form"), choices=ContractForm.choices)
    seller = ModelChoiceFilter(
        queryset=seller_choices, to_field_name="public_id", label=_("Seller")
    )
    host = ModelChoiceFilter(
        queryset=seller_choices, to_field_name="public_id", label=_("Site host")
    )
    time = ChoiceFilter(method="by_time", label=_("When"), choices=TIMES)

    class Meta:
        model = SiteContract
        fields: list[str] = []

    def by_time(
        self, queryset: QuerySet[SiteContract], _name: str, value: str
    ) -> QuerySet[SiteContract]:
        """Contracts that hold today, are over, or begin later."""
        today = operator_today()
        if value == "today":
            return queryset.filter(holding_on(today))
        if value == "past":
            return queryset.filter(valid_until_on__lt=today)
        return queryset.filter(valid_from_on__gt=today)


class ContractTable(ListTable):
    """Contracts by site, the latest first."""

    site = TitleColumn(
        _("Site"), detail="site_contract", key="site.public_id", order_by="site__name"
    )
    form = TextColumn(_("Form"))
    seller = LinkColumn(
        _("Seller"), detail="seller_detail", key="seller.public_id", order_by="seller__name"
    )
    host = LinkColumn(
        _("Site host"), detail="seller_detail", key="host.public_id", order_by="host__name"
    )
    valid_from_on = TextColumn(_("From"))
    valid_until_on = TextColumn(_("Last day"))

    class Meta(ListTable.Meta):
        model = SiteContract
        fields: tuple[str, ...] = ()

    def value_form(self, value: Any) -> Any:
        """The stored word, in files."""
        return value


SELLERS = ListSpec(
    name="sellers",
    title=_("Sellers"),
    permission=Permission.ACCOUNT_VIEW,
    queryset=lambda _request: seller_rows(),
    filterset=SellerFilter,
    table=SellerTable,
    csv=tuple(
        CsvColumn(name)
        for name in (
            "public_id",
            "name",
            "is_default",
            "is_host",
            "organisation_number",
            "vat_number",
            "is_vat_registered",
            "has_f_tax",
            "address",
            "postal_code",
            "city",
            "country_code",
            "bankgiro",
            "plusgiro",
            "iban",
            "bic",
            "terms_days",
            "retired_on",
        )
    ),
    empty=EmptyText(
        _("No seller yet"),
        _("A seller is the legal entity that stands on invoices."),
        "seller_create",
        _("Add a seller"),
        Permission.SELLER_EDIT,
    ),
    search_hint=_("Name or number"),
    actions=(ListAction(_("New seller"), "seller_create", permission=Permission.SELLER_EDIT),),
)

CONTRACTS = ListSpec(
    name="site_contracts",
    title=_("Site contracts"),
    permission=Permission.ACCOUNT_VIEW,
    queryset=lambda _request: contracts(),
    filterset=ContractFilter,
    table=ContractTable,
    csv=(
        CsvColumn("site", "site.name"),
        CsvColumn("site_id", "site.public_id", label=_("Site (public id)")),
        CsvColumn("form"),
        CsvColumn("seller", "seller.name"),
        CsvColumn("host", "host.name"),
        CsvColumn("host_is_vat_registered"),
        CsvColumn("self_billing_agreed_on"),
        CsvColumn("minimum_payout_amount"),
        CsvColumn("basis_email"),
        CsvColumn("valid_from_on"),
        CsvColumn("valid_until_on"),
        CsvColumn("note"),
    ),
    empty=EmptyText(
        _("No site contract"),
        _("The default seller sells at every site. Contracts are entered site by site."),
        "site_contract_new",
        _("Enter a contract"),
        Permission.SELLER_EDIT,
    ),
    search_hint=_("Site, seller or host"),
    actions=(
        ListAction(_("New contract"), "site_contract_new", permission=Permission.SELLER_EDIT),
    ),
)
