"""Billing accounts from files, with the companies and drivers that they pay for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.accounts.dated import holding_on
from billing.accounts.imports import COLUMNS, READ_ONLY, AccountPlanner
from billing.accounts.models import BillingAccount
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.imports import values
from core.imports.spec import ImportColumn, ImportRow, ImportSpec
from core.imports.values import BadValueError
from customers.companies.models import Company, CompanyAccount
from customers.drivers.models import Driver, DriverAccount
from customers.payers.services import set_payer

# Columns with the table of what is paid for, and the links to who pays.
OWNERS: Final[dict[str, tuple[Any, Any]]] = {
    "pays_for_companies": (Company, CompanyAccount),
    "pays_for_drivers": (Driver, DriverAccount),
}


class PayingAccountPlanner(AccountPlanner):
    """Besides the account itself: what it pays for from today on, or since ever where nobody
    paid before. Rows take nothing away that they do not name."""

    apart = AccountPlanner.apart | OWNERS.keys()

    def __init__(self, operator: Operator) -> None:
        super().__init__(operator)
        self.owners: dict[str, dict[str, Any]] = {}
        self.payers: dict[str, dict[int, int]] = {}
        self.taken: dict[tuple[str, int], int] = {}

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """Companies by name and public id, drivers by e-mail and public id, with who pays."""
        super().prepare(rows)
        for column, (model, links) in OWNERS.items():
            self.owners[column] = {}
            for owner in model._default_manager.all():
                self._remember(column, owner)
            held = links._default_manager.filter(holding_on(self.today)).order_by()
            self.payers[column] = dict(held.values_list("owner_id", "account_id"))

    def _remember(self, column: str, owner: Any) -> None:
        by_key = self.owners[column]
        by_key[owner.public_id] = owner
        other = owner.name if column == "pays_for_companies" else owner.email
        if other:
            by_key[other.casefold()] = owner

    def resolve(self, row: ImportRow, found: BillingAccount | None) -> dict[str, Any]:
        """Companies and drivers looked up; those it pays for already are left out."""
        named = super().resolve(row, found)
        for column in OWNERS:
            texts = row.get(column, [])
            owners = [self._owner(column, text, row.line) for text in texts]
            new = [o for o in owners if not self._is_paid_by(column, o, found)]
            if new:
                named[column] = sorted(new, key=str)
        return named

    def _owner(self, column: str, text: str, line: int) -> Any:
        by_key = self.owners[column]
        owner = by_key.get(text) or by_key.get(text.casefold())
        if owner is None:
            raise BadValueError(
                _("%(text)s is not known.") % {"text": text[:80]},
                _("Create the company or driver first."),
                column=column,
            )
        first = self.taken.setdefault((column, owner.pk), line)
        if first != line:
            raise BadValueError(
                _("Line %(line)s names %(owner)s too.") % {"line": first, "owner": owner},
                _("One account pays at a time; keep one of the two."),
                column=column,
            )
        return owner

    def _is_paid_by(self, column: str, owner: Any, found: BillingAccount | None) -> bool:
        return found is not None and self.payers[column].get(owner.pk) == found.pk

    def current(self, found: BillingAccount, name: str) -> Any:
        """Nothing of what is to be added is there."""
        return [] if name in OWNERS else super().current(found, name)

    def store(
        self, values: Mapping[str, Any], found: BillingAccount | None, *, reason: str
    ) -> BillingAccount:
        """The account, then what it pays for."""
        account = super().store(values, found, reason=reason)
        for column, (_model, links) in OWNERS.items():
            for owner in values.get(column, ()):
                had = links._default_manager.filter(owner_id=owner.pk).exists()
                start = self.today if had else None
                set_payer(owner=owner, links=links, account=account, from_on=start, reason=reason)
        return account


def _names(cell: str, _zone: tzinfo) -> list[str]:
    return _once(name.strip() for name in re.split(r"[;\n]+", cell))


def _addresses(cell: str, zone: tzinfo) -> list[str]:
    return _once(values.words(254)(cell, zone))


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


BILLING_ACCOUNTS = ImportSpec(
    name="billing-accounts",
    title=gettext_lazy("Billing accounts"),
    permission=Permission.ACCOUNT_EDIT,
    planner=PayingAccountPlanner,
    list_url="billing_account_list",
    intro=gettext_lazy(
        "Accounts are recognised by public id, by organisation number, or by name where only one "
        "account has it."
    ),
    columns=(
        *COLUMNS,
        ImportColumn(
            "pays_for_companies",
            gettext_lazy("Pays for companies"),
            _names,
            [],
            help=gettext_lazy("Names or public ids, apart by semicolons."),
        ),
        ImportColumn(
            "pays_for_drivers",
            gettext_lazy("Pays for drivers"),
            _addresses,
            [],
            help=gettext_lazy("E-mail addresses or public ids, apart by commas or blanks."),
        ),
    ),
    read_only=READ_ONLY,
)
