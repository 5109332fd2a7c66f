"""Changing a seller's chart and account map; what would leave a gap is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounting.book_models import (
    AccountUse,
    Books,
    ChartAccount,
    RevenueMapping,
    TaxMapping,
)
from billing.accounting.books import chart_of, ensure_books
from billing.accounting.models import JournalPosting
from billing.problem import MoneyProblem
from billing.sellers.models import Seller
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation

Mapped = AccountUse | RevenueMapping | TaxMapping
T = TypeVar("T")


@transaction.atomic
def create_account(*, seller: Seller, number: str, name: str, reason: str = "") -> ChartAccount:
    """Add an account to a chart; refuses a number that is no account, or taken."""
    ensure_books(seller)
    account = ChartAccount(operator_id=seller.operator_id, seller=seller)
    account.number, account.name = number.strip(), " ".join(name.split())
    account.full_clean()
    account.save()
    _told("chart_account.create", account, after=_account(account), reason=reason)
    return account


@transaction.atomic
def change_account(*, account: ChartAccount, reason: str = "", **values: str) -> ChartAccount:
    """Change name or number; the number stays once something is booked on the account."""
    values = {name: " ".join(value.split()) for name, value in values.items()}
    before, after = apply_changes(account, values)
    if not after:
        return account
    if "number" in after and JournalPosting.objects.filter(account=account).exists():
        raise RuleViolation(
            "account_booked", _("Something is booked on it: its number stays."), field="number"
        )
    account.full_clean()
    account.save()
    _checked(account.seller)
    _told("chart_account.change", account, before=before, after=after, reason=reason)
    return account


@transaction.atomic
def delete_account(*, account: ChartAccount, reason: str = "") -> None:
    """Take an account out; refuses one that is booked on or used by the map."""
    if JournalPosting.objects.filter(account=account).exists():
        raise RuleViolation("account_booked", _("Something is booked on the account. It stays."))
    if account.uses.exists() or account.sales.exists() or account.taxes.exists():
        raise RuleViolation("account_used", _("The account map uses the account. It stays."))
    _told("chart_account.delete", account, before=_account(account), reason=reason)
    account.delete()


@transaction.atomic
def set_map(
    *,
    seller: Seller,
    uses: Mapping[str, ChartAccount] | None = None,
    revenue: Mapping[int, ChartAccount] | None = None,
    taxes: Mapping[int, ChartAccount] | None = None,
    site_dimension: int | str | None = "",
    reason: str = "",
) -> None:
    """Give uses and rules other accounts of the same chart, from the next entry on.

    ``uses`` by name, rules by key; what is not given stays. ``site_dimension`` None: nowhere.
    """
    books = Books.objects.select_for_update().get(pk=ensure_books(seller).pk)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if not isinstance(site_dimension, str) and books.site_dimension != site_dimension:
        before["site_dimension"], after["site_dimension"] = books.site_dimension, site_dimension
        books.site_dimension = site_dimension
        books.full_clean()
        books.save(update_fields=["site_dimension"])
    wanted: list[tuple[Mapped, ChartAccount]] = [
        *_found(AccountUse.objects.filter(seller=seller), uses or {}, lambda row: row.use),
        *_found(RevenueMapping.objects.filter(seller=seller), revenue or {}, lambda row: row.pk),
        *_found(TaxMapping.objects.filter(seller=seller), taxes or {}, lambda row: row.pk),
    ]
    for row, account in wanted:
        if row.account_id == account.pk:
            continue
        if account.seller_id != seller.pk:
            raise InvalidInput("other_chart", _("This account is of another chart."))
        before[label_of(row)], after[label_of(row)] = row.account.number, account.number
        row.account = account
        row.save(update_fields=["account"])
    if after:
        _checked(seller)
        record(
            "account_map.change",
            books,
            operator_id=seller.operator_id,
            before=before,
            after=after,
            reason=reason,
        )


@transaction.atomic
def add_revenue_rule(
    *,
    seller: Seller,
    account: ChartAccount,
    kind: str = "",
    category: str = "",
    rate: Decimal | None = None,
    country: str = "",
    reason: str = "",
) -> RevenueMapping:
    """A rule for sales; of the rules that fit, the one that asks for most wins."""
    terms = {"kind": kind, "category": category, "rate": rate, "country": country.upper()}
    return _add(RevenueMapping, seller, account, terms, reason)


@transaction.atomic
def add_tax_rule(
    *,
    seller: Seller,
    account: ChartAccount,
    rate: Decimal | None = None,
    country: str = "",
    reason: str = "",
) -> TaxMapping:
    """A rule for output tax."""
    return _add(TaxMapping, seller, account, {"rate": rate, "country": country.upper()}, reason)


@transaction.atomic
def remove_rule(*, rule: RevenueMapping | TaxMapping, reason: str = "") -> None:
    """Take a rule out; refuses the last one, without which nothing could be booked."""
    others = type(rule)._default_manager.filter(seller=rule.seller).exclude(pk=rule.pk)
    if not others.exists():
        raise RuleViolation("last_rule", _("The last rule stays."))
    books = Books.objects.get(seller=rule.seller)
    before = {label_of(rule): rule.account.number}
    rule.delete()
    _checked(rule.seller)
    record("account_map.change", books, operator_id=books.operator_id, before=before, reason=reason)


def _add(
    model: Callable[..., T], seller: Seller, account: ChartAccount, terms: dict[str, Any], why: str
) -> T:
    books = ensure_books(seller)
    if account.seller_id != seller.pk:
        raise InvalidInput("other_chart", _("This account is of another chart."), field="account")
    rule: Any = model(operator_id=seller.operator_id, seller=seller, account=account, **terms)
    rule.clean_fields()
    rule.validate_constraints()
    rule.save()
    _checked(seller)
    after = {label_of(rule): account.number}
    record("account_map.change", books, operator_id=seller.operator_id, after=after, reason=why)
    made: T = rule
    return made


def _found(
    rows: Any, wanted: Mapping[Any, ChartAccount], key: Callable[[Any], Any]
) -> list[tuple[Any, ChartAccount]]:
    present = {key(row): row for row in rows.select_related("account")} if wanted else {}
    unknown = set(wanted) - set(present)
    if unknown:
        raise InvalidInput("unknown_rule", _("There is no such use or rule."))
    return [(present[name], account) for name, account in wanted.items()]


def label_of(row: Mapped) -> str:
    """What the audit trail calls a use or rule."""
    if isinstance(row, AccountUse):
        return row.use
    if isinstance(row, TaxMapping):
        return f"tax {row.rate if row.rate is not None else '*'} {row.country or '*'}"
    rate = row.rate if row.rate is not None else "*"
    return f"sales {row.kind or '*'} {row.category or '*'} {rate} {row.country or '*'}"


def _checked(seller: Seller) -> None:
    """The chart as the rules see it; a gap is a refusal, and nothing is changed."""
    try:
        chart_of(seller)
    except MoneyProblem as problem:
        raise RuleViolation(problem.code, problem.message) from problem


def _account(account: ChartAccount) -> dict[str, str]:
    return {"number": account.number, "name": account.name, "seller": account.seller.name}


def _told(verb: str, account: ChartAccount, **more: Any) -> None:
    record(verb, account, operator_id=account.operator_id, **more)
