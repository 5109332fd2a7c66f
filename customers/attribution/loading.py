"""Loading what the rules of attribution need, for many questions at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Upper

from billing.accounts.models import BillingAccount, PriceGroupMembership
from core.accounts.models import Operator
from customers.attribution.payer import Holder, PayerFacts, Span
from customers.companies.models import Company, CompanyAccount
from customers.drivers.models import Driver, DriverAccount
from customers.payers.models import AccountLink
from customers.tokens.models import IdToken


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who pays, and for which price, at a place and an instant. ``token`` is what was presented
    (empty: nothing) and ``snapshot`` what the session kept of it; ``account`` stands instead of
    a token."""

    at: datetime
    site_id: int | None
    station_id: int | None
    evse_id: int | None = None
    connector_type: str = ""
    token: str = ""
    snapshot: Mapping[str, Any] = field(default_factory=dict)
    account: BillingAccount | None = None


@dataclass(slots=True)
class Register:
    """Tokens, their owners, accounts and price groups that some questions concern."""

    zone: ZoneInfo
    tokens: dict[str, IdToken] = field(default_factory=dict)
    drivers: dict[str, Driver] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    of_driver: dict[int, list[Span]] = field(default_factory=dict)
    of_company: dict[int, list[Span]] = field(default_factory=dict)
    groups: dict[int, list[Span]] = field(default_factory=dict)
    guests: dict[str, Span] = field(default_factory=dict)

    def facts(self, question: Question) -> PayerFacts:
        """The facts of one of the questions."""
        day = question.at.astimezone(self.zone).date()
        if question.account is not None:
            account = Span(question.account.pk, question.account.name)
            return PayerFacts(day=day, account=account, groups=self.groups)
        snapshot = question.snapshot
        guest = self.guests.get(str(snapshot.get("account", "")))
        if guest is not None:
            return PayerFacts(day=day, guest=guest, groups=self.groups)
        token = self.tokens.get(question.token.strip().upper())
        then = snapshot.get("driver"), snapshot.get("company")
        driver, company = self.drivers.get(then[0] or ""), self.companies.get(then[1] or "")
        is_of_today = not any(then) and token is not None
        if is_of_today and token is not None:
            driver = token.driver
            company = token.company or (driver.company if driver else None)
        return PayerFacts(
            day=day,
            token=question.token.strip(),
            is_known=token is not None or "purpose" in snapshot,
            purpose=str(snapshot.get("purpose") or (token.purpose if token else "")),
            driver=Holder(driver.name, self.of_driver.get(driver.pk, ())) if driver else None,
            company=Holder(company.name, self.of_company.get(company.pk, ())) if company else None,
            is_owner_of_today=is_of_today and bool(snapshot),
            groups=self.groups,
        )


def load(questions: Sequence[Question], operator: Operator) -> Register:
    """All that these questions need: six queries, however many there are; one more for guests."""
    register = Register(ZoneInfo(operator.time_zone))
    asked = [question for question in questions if question.account is None]
    uids = {question.token.strip().upper() for question in asked} - {""}
    for token in (
        IdToken.objects.annotate(upper_uid=Upper("uid"))
        .filter(upper_uid__in=uids)
        .select_related("driver__company", "company")
    ):
        register.tokens[token.uid.upper()] = token
    _load_owners(register, asked)
    _load_guests(register, asked)
    accounts = {question.account.pk for question in questions if question.account is not None}
    for spans in (*register.of_driver.values(), *register.of_company.values()):
        accounts |= {span.id for span in spans}
    accounts |= {span.id for span in register.guests.values()}
    rows = PriceGroupMembership.objects.filter(account__in=accounts).select_related("price_group")
    for row in rows:
        span = Span(row.price_group_id, row.price_group.name, row.valid_from_on, row.valid_until_on)
        register.groups.setdefault(row.account_id, []).append(span)
    return register


def _load_owners(register: Register, asked: Sequence[Question]) -> None:
    """Drivers and companies of then (by snapshot) and of now (by token), with their accounts."""
    held = [token for token in register.tokens.values() if token.driver is not None]
    drivers = {question.snapshot.get("driver") for question in asked} - {None}
    companies = {question.snapshot.get("company") for question in asked} - {None}
    for driver in Driver.objects.filter(
        Q(public_id__in=drivers) | Q(pk__in={token.driver_id for token in held})
    ):
        register.drivers[driver.public_id] = driver
    pooled = {token.company_id for token in register.tokens.values()} - {None}
    pooled |= {token.driver.company_id for token in held if token.driver} - {None}
    for company in Company.objects.filter(Q(public_id__in=companies) | Q(pk__in=pooled)):
        register.companies[company.public_id] = company
    register.of_driver = _spans(DriverAccount, (one.pk for one in register.drivers.values()))
    register.of_company = _spans(CompanyAccount, (one.pk for one in register.companies.values()))


def _load_guests(register: Register, asked: Sequence[Question]) -> None:
    """Accounts of guests, whom no token of the operator's stands for."""
    named = {str(question.snapshot.get("account", "")) for question in asked} - {""}
    if named:
        for row in BillingAccount.objects.filter(public_id__in=named):
            register.guests[row.public_id] = Span(row.pk, row.name)


def _spans(links: type[AccountLink], owners: Iterable[int]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    rows: Any = links.objects.filter(owner_id__in=list(owners)).select_related("account")
    for row in rows:
        span = Span(row.account_id, row.account.name, row.valid_from_on, row.valid_until_on)
        found.setdefault(row.owner_id, []).append(span)
    return found
