"""Which account pays for charging, and in which price group it is (pure).

From the token up: a token for service, tests or goodwill costs nothing. Else the driver's own
account pays, else the account of the company (the driver's, or the one whose pool the token is
of). Accounts and price groups hold by days in the operator's zone, those of the day on which the
session began, so a session that is reported late gets the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


class Why(StrEnum):
    """One step of the way to an account; ``words.py`` has the sentences."""

    NO_TOKEN = "no_token"  # noqa: S105 - a code, no secret
    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105 - a code, no secret
    FREE = "free"
    TOKEN_OF_DRIVER = "token_of_driver"  # noqa: S105 - a code, no secret
    TOKEN_OF_COMPANY = "token_of_company"  # noqa: S105 - a code, no secret
    TOKEN_OF_NOBODY = "token_of_nobody"  # noqa: S105 - a code, no secret
    OWNER_OF_TODAY = "owner_of_today"
    DRIVER_PAYS = "driver_pays"
    DRIVER_HAS_NONE = "driver_has_none"
    COMPANY_PAYS = "company_pays"
    COMPANY_HAS_NONE = "company_has_none"
    ACCOUNT_ASKED = "account_asked"
    GUEST_PAYS = "guest_pays"
    NOBODY_PAYS = "nobody_pays"
    IN_GROUP = "in_group"
    IN_NO_GROUP = "in_no_group"


FREE_PURPOSES: Final = frozenset({"service", "test", "goodwill"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its code, and what its sentence names."""

    code: Why
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """What holds from one day to another, both included; None: open. ``id`` of an account or a
    price group."""

    id: int
    name: str
    from_on: date | None = None
    until_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on that day."""
        return (self.from_on is None or self.from_on <= day) and (
            self.until_on is None or day <= self.until_on
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """A driver or a company, with the accounts that pay for it over time."""

    name: str
    accounts: Sequence[Span] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerFacts:
    """What is known of one session, or of a question. ``token``: what was presented; empty for
    none. ``is_known``: it is one of the operator's. ``is_owner_of_today``: the session does not
    tell whose token it was then. ``account``: the question names it instead of a token.
    ``guest``: that of a guest, who paid on the spot."""

    day: date
    token: str = ""
    is_known: bool = False
    purpose: str = ""
    driver: Holder | None = None
    company: Holder | None = None
    is_owner_of_today: bool = False
    account: Span | None = None
    guest: Span | None = None
    groups: Mapping[int, Sequence[Span]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, in which price group, and step by step why."""

    account: Span | None
    price_group: Span | None
    is_free: bool
    steps: tuple[Step, ...]


def payer_of(facts: PayerFacts) -> Payer:
    """The account and price group of these facts."""
    if facts.account is not None:
        asked = Step(Why.ACCOUNT_ASKED, {"account": facts.account.name})
        return _grouped(facts, facts.account, (asked,))
    if facts.guest is not None:
        paid = Step(Why.GUEST_PAYS, {"account": facts.guest.name})
        return _grouped(facts, facts.guest, (paid,))
    if not facts.token:
        return Payer(None, None, False, (Step(Why.NO_TOKEN),))
    if not facts.is_known:
        return Payer(None, None, False, (Step(Why.UNKNOWN_TOKEN, {"token": facts.token}),))
    if facts.purpose in FREE_PURPOSES:
        step = Step(Why.FREE, {"token": facts.token, "purpose": facts.purpose})
        return Payer(None, None, True, (step,))
    account, steps = _account(facts)
    if account is None:
        return Payer(None, None, False, (*steps, Step(Why.NOBODY_PAYS)))
    return _grouped(facts, account, steps)


def _account(facts: PayerFacts) -> tuple[Span | None, tuple[Step, ...]]:
    """The nearest holder's account of that day: the driver's, else the company's."""
    steps = [_owner(facts)]
    if facts.is_owner_of_today and (facts.driver or facts.company):
        steps.append(Step(Why.OWNER_OF_TODAY))
    holders = (
        (facts.driver, "driver", Why.DRIVER_PAYS, Why.DRIVER_HAS_NONE),
        (facts.company, "company", Why.COMPANY_PAYS, Why.COMPANY_HAS_NONE),
    )
    for holder, word, pays, has_none in holders:
        if holder is None:
            continue
        named = {word: holder.name, "day": facts.day.isoformat()}
        found = _holding(holder.accounts, facts.day)
        if found is not None:
            return found, (*steps, Step(pays, {"account": found.name, **named}))
        steps.append(Step(has_none, named))
    return None, tuple(steps)


def _owner(facts: PayerFacts) -> Step:
    if facts.driver is not None:
        return Step(Why.TOKEN_OF_DRIVER, {"token": facts.token, "driver": facts.driver.name})
    if facts.company is not None:
        return Step(Why.TOKEN_OF_COMPANY, {"token": facts.token, "company": facts.company.name})
    return Step(Why.TOKEN_OF_NOBODY, {"token": facts.token})


def _grouped(facts: PayerFacts, account: Span, steps: tuple[Step, ...]) -> Payer:
    group = _holding(facts.groups.get(account.id, ()), facts.day)
    named = {"account": account.name, "day": facts.day.isoformat()}
    if group is None:
        return Payer(account, None, False, (*steps, Step(Why.IN_NO_GROUP, named)))
    return Payer(
        account, group, False, (*steps, Step(Why.IN_GROUP, {"group": group.name, **named}))
    )


def _holding(spans: Sequence[Span], day: date) -> Span | None:
    """The one that holds. The database keeps spans apart; of two the later one, then the higher
    id, so that the answer is the same whatever their order."""
    held = [span for span in spans if span.holds_on(day)]
    return max(held, key=_age, default=None)


def _age(span: Span) -> tuple[date, int, date]:
    return span.from_on or date.min, span.id, span.until_on or date.max
