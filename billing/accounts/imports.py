"""Billing accounts from files. Upper floors add columns of what an account pays for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.accounts import services
from billing.accounts.dated import holding_on, operator_day
from billing.accounts.fee_models import Fee
from billing.accounts.membership_services import set_price_group
from billing.accounts.models import (
    LONGEST_TERMS_DAYS,
    AccountKind,
    AccountStatus,
    BillingAccount,
    InvoiceGrouping,
    InvoiceRhythm,
    PriceGroup,
    PriceGroupMembership,
)
from billing.accounts.values import ACCOUNT_FIELDS, checked_account
from core.accounts.models import Operator
from core.errors import InvalidInput
from core.imports import values
from core.imports.planner import ModelPlanner
from core.imports.spec import ImportColumn, ImportRow
from core.imports.values import KEEP, BadValueError
from stations.sites.imports import country, known_by

_BESIDES: Final = frozenset({"price_group", "price_group_from_on", "status", "status_reason"})


class AccountPlanner(ModelPlanner):
    """An account is known by public id, by organisation number, or by a name that is its own."""

    model = BillingAccount
    apart = _BESIDES

    def __init__(self, operator: Operator) -> None:
        super().__init__(operator)
        self.today: date = operator_day(operator)
        self.by_id: dict[str, BillingAccount] = {}
        self.by_number: dict[str, list[BillingAccount]] = {}
        self.by_name: dict[str, list[BillingAccount]] = {}
        self.groups: dict[str, PriceGroup] = {}
        self.group_of: dict[int, PriceGroup] = {}
        self.with_fees: set[int] = set()

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """All accounts and price groups, who is in which today, and who has fees."""
        for account in BillingAccount.objects.filter(is_provisional=False):
            self.by_id[account.public_id] = account
            self.by_name.setdefault(account.name.casefold(), []).append(account)
            if account.organisation_number:
                key = _bare(account.organisation_number)
                self.by_number.setdefault(key, []).append(account)
        for group in PriceGroup.objects.all():
            self.groups[group.public_id] = self.groups[group.name] = group
        held = PriceGroupMembership.objects.filter(holding_on(self.today))
        for row in held.select_related("price_group"):
            self.group_of[row.account_id] = row.price_group
        self.with_fees = set(Fee.objects.order_by().values_list("account_id", flat=True))

    def identify(self, row: ImportRow) -> str:
        """What of these is given first."""
        return str(row.get("public_id") or _bare(row.get("organisation_number")) or row.get("name"))

    def find(self, row: ImportRow) -> BillingAccount | None:
        """By public id, which must exist; else by organisation number; else by name, where no
        other number speaks against it. Refuses what more than one account has."""
        found: BillingAccount | None = known_by(self.by_id, row)
        if found is not None:
            return found
        number = _bare(row.get("organisation_number"))
        same = self.by_number.get(number, []) if number else []
        if same:
            return _only(same, "organisation_number")
        named = self.by_name.get(str(row.get("name")).casefold(), [])
        if number:
            named = [one for one in named if not one.organisation_number]
        return _only(named, "name") if named else None

    def resolve(self, row: ImportRow, found: BillingAccount | None) -> dict[str, Any]:
        """Numbers and addresses in their stored form, the price group looked up."""
        given = {n: v for n, v in row.values.items() if v is not KEEP}
        own: dict[str, Any] = {name: given[name] for name in ACCOUNT_FIELDS if name in given}
        code = found.country_code if found else self.operator.country_code
        named = _stored(own, code)
        if found is not None and "country_code" in named:
            kept = {"organisation_number": found.organisation_number}
            _stored(kept | own, named["country_code"])
        return named | self._group(given, found) | _status(given, found)

    def _group(self, given: Mapping[str, Any], found: BillingAccount | None) -> dict[str, Any]:
        name = given.get("price_group")
        if name is None:
            return {}
        group = self.groups.get(name) if name else None
        if name and (group is None or group.retired_on is not None):
            raise BadValueError(
                _("There is no price group with this name or public id."),
                _("Create the price group first, or leave the cell empty for none."),
                column="price_group",
            )
        if found is not None and self.group_of.get(found.pk) == group:
            return {}
        start = given.get("price_group_from_on")
        if found is None or start is None:
            return {"price_group": group}
        return {"price_group": group, "price_group_from_on": start}

    def current(self, found: BillingAccount, name: str) -> Any:
        """The price group of today; days of a group and reasons are new each time."""
        if name == "price_group":
            return self.group_of.get(found.pk)
        if name == "price_group_from_on":
            return None
        return getattr(found, name)

    def check(self, values: Mapping[str, Any], found: Any) -> BillingAccount:
        """Besides the fields: a currency stays while there are fees in it."""
        account = super().check(values, found)
        assert isinstance(account, BillingAccount)
        if found is not None and "currency" in values and found.pk in self.with_fees:
            raise BadValueError(
                _("The account has fees in %(currency)s. Its currency stays.")
                % {"currency": found.currency},
                _("Leave the cell as it is, or end the fees and use a new account."),
                column="currency",
            )
        return account

    def store(
        self, values: Mapping[str, Any], found: BillingAccount | None, *, reason: str
    ) -> BillingAccount:
        """Through the services; price group and status have their own."""
        own = {name: value for name, value in values.items() if name in ACCOUNT_FIELDS}
        group = values.get("price_group")
        if found is None:
            account = services.create_account(
                operator=self.operator, price_group=group, reason=reason, **own
            )
        else:
            account = services.change_account(account=found, reason=reason, **own)
            if "price_group" in values:
                start = values.get("price_group_from_on") or self.today
                set_price_group(account=account, price_group=group, from_on=start, reason=reason)
        if "status" in values and account.status != values["status"]:
            why = values.get("status_reason") or reason
            services.set_account_status(account=account, status=values["status"], reason=why)
        return account


def _bare(number: Any) -> str:
    return "".join(sign for sign in str(number).upper() if sign.isalnum())


def _only(found: list[BillingAccount], column: str) -> BillingAccount:
    if len(found) > 1:
        raise BadValueError(
            _("More than one account has this."),
            _("Give the public id of the one that is meant."),
            column=column,
        )
    return found[0]


def _stored(given: Mapping[str, Any], country_code: str) -> dict[str, Any]:
    try:
        return checked_account(given, country_code=country_code)
    except InvalidInput as error:
        raise BadValueError(
            error.message, _("Correct the value."), column=error.field or ""
        ) from error


def _status(given: Mapping[str, Any], found: BillingAccount | None) -> dict[str, Any]:
    """A new status with its reason; an account in it already keeps the reason it has."""
    status = given.get("status")
    before = found.status if found is not None else AccountStatus.ACTIVE
    if status is None or status == before:
        return {}
    if not str(given.get("status_reason") or "").strip():
        raise BadValueError(
            _("Another status needs a reason."), _("Fill it in."), column="status_reason"
        )
    return {"status": status, "status_reason": given["status_reason"]}


C = ImportColumn
COLUMNS: Final[tuple[ImportColumn, ...]] = (
    C(
        "public_id", gettext_lazy("Public id"), values.text(24), "",
        help=gettext_lazy("Of an account to change; empty for a new one."),
    ),
    C("kind", gettext_lazy("Kind"), values.choice(AccountKind.choices), example="company"),
    C(
        "name", gettext_lazy("Name"), values.text(120), is_required=True,
        example="Bostadsföreningen Eken",
    ),
    C(
        "organisation_number", gettext_lazy("Organisation number"), values.identifier(32), "",
        example="556703-7485",
    ),
    C("vat_number", gettext_lazy("VAT number"), values.identifier(32), ""),
    C("address", gettext_lazy("Address"), values.text(200), "", example="Ekgatan 1"),
    C("address_extra", gettext_lazy("Second address line"), values.text(200), ""),
    C("postal_code", gettext_lazy("Postal code"), values.text(16), "", example="113 29"),
    C("city", gettext_lazy("Town"), values.text(100), "", example="Stockholm"),
    C("country_code", gettext_lazy("Country code"), country, example="SE"),
    C(
        "language", gettext_lazy("Language"), values.choice(list(settings.LANGUAGES)),
        example="sv",
    ),
    C("currency", gettext_lazy("Currency"), values.text(3), example="SEK"),
    C(
        "payment_terms_days", gettext_lazy("Payment terms (days)"),
        values.integer(0, LONGEST_TERMS_DAYS), example="30",
    ),
    C(
        "emails", gettext_lazy("Invoice e-mails"), values.words(254), [],
        help=gettext_lazy("At most ten, apart by commas or blanks."),
        example="faktura@example.com",
    ),
    C("peppol_address", gettext_lazy("Peppol address"), values.text(60), ""),
    C("buyer_reference", gettext_lazy("Buyer reference"), values.text(100), ""),
    C("order_number", gettext_lazy("Order number"), values.identifier(100), ""),
    C(
        "invoice_rhythm", gettext_lazy("Invoiced"), values.choice(InvoiceRhythm.choices), "",
        help=gettext_lazy("Empty: as the seller invoices."),
    ),
    C(
        "invoice_grouping", gettext_lazy("Lines of invoices"),
        values.choice(InvoiceGrouping.choices),
    ),
    C(
        "credit_limit_amount", gettext_lazy("Credit limit"),
        values.decimal(0, 9_999_999_999, 2), None,
    ),
    C(
        "price_group", gettext_lazy("Price group"), values.text(80), "",
        help=gettext_lazy("Its name or public id. Without the column it stays as it is."),
    ),
    C(
        "price_group_from_on", gettext_lazy("Price group from"), values.day, None,
        help=gettext_lazy("First day of another group; empty: today."),
    ),
    C("status", gettext_lazy("Status"), values.choice(AccountStatus.choices), example="active"),
    C(
        "status_reason", gettext_lazy("Why"), values.text(500), "",
        help=gettext_lazy("Needed for another status."),
    ),
)  # fmt: skip
READ_ONLY: Final = ("created_at",)
