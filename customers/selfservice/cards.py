"""What customers do with their cards: activate, name, block at once."""

from __future__ import annotations

import secrets
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.accounts.dated import operator_day
from core.errors import InvalidInput, RuleViolation
from core.tries import refuse_many
from customers.companies.models import Company
from customers.drivers.models import Driver
from customers.selfservice.customer import Customer
from customers.tokens.models import IdToken, TokenKind, TokenPurpose, TokenStatus
from customers.tokens.selectors import by_printed_number
from customers.tokens.services import put_token

BY_DRIVER: Final = "blocked by the driver"
BY_COMPANY: Final = "blocked by the company"
WORDS: Final = {
    BY_DRIVER: gettext_lazy("Blocked by the driver"),
    BY_COMPANY: gettext_lazy("Blocked by the company"),
}
MOST_TOKENS: Final = 20
TRIES: Final = 10
TRY_SECONDS: Final = 3600


@transaction.atomic
def activate_card(*, driver: Driver, printed_number: str, label: str = "") -> IdToken:
    """Make a card that nobody has the driver's, by the number printed on it.

    The same refusal for a number that is not there and for a card of somebody else, and only so
    many tries an hour: a number cannot be guessed.
    """
    refuse_many(f"card-tries:{driver.pk}", TRIES, TRY_SECONDS)
    _refuse_full(driver)
    free = by_printed_number(printed_number).filter(
        driver=None, company=None, status=TokenStatus.ACTIVE, purpose=TokenPurpose.CUSTOMER
    )
    found = list(free.select_for_update(of=("self",))[:2])
    if len(found) != 1:
        raise InvalidInput(
            "no_free_card",
            _("There is no free card with this number. Check it, or ask your operator."),
            field="printed_number",
        )
    values: dict[str, Any] = {"label": label.strip()} if label.strip() else {}
    token, _created = put_token(
        operator=driver.operator, uid=found[0].uid, driver=driver, reason="activated", **values
    )
    return token


def _refuse_full(driver: Driver) -> None:
    if IdToken.objects.filter(driver=driver, status=TokenStatus.ACTIVE).count() >= MOST_TOKENS:
        raise RuleViolation("many_cards", _("You have as many cards as a driver may have."))


@transaction.atomic
def make_app_token(*, driver: Driver) -> IdToken:
    """A token to start charging from the portal; the one that is there where there is one."""
    Driver.objects.select_for_update(of=("self",)).get(pk=driver.pk)
    present: IdToken | None = IdToken.objects.filter(
        driver=driver, kind=TokenKind.APP, status=TokenStatus.ACTIVE
    ).first()
    if present is not None:
        return present
    _refuse_full(driver)
    token, _created = put_token(
        operator=driver.operator, uid=f"APP{secrets.token_hex(8).upper()}", driver=driver,
        kind=TokenKind.APP, label=_("App"), reason="made in the portal",
    )  # fmt: skip
    return token


@transaction.atomic
def rename_card(*, token: IdToken, label: str) -> IdToken:
    """What the customer calls it."""
    changed, _created = put_token(operator=token.operator, uid=token.uid, label=label.strip())
    return changed


@transaction.atomic
def hand_over(*, company: Company, token: IdToken, driver: Driver | None) -> IdToken:
    """Give a card of the company to one of its drivers, or (None) back to the pool. Sessions that
    begin from now on are the new holder's. Refuses an ended driver and a withdrawn card."""
    locked = (
        IdToken.objects.select_for_update(of=("self",)).select_related("driver").get(pk=token.pk)
    )
    owner = locked.company_id or (locked.driver.company_id if locked.driver is not None else None)
    if owner != company.pk:
        raise RuleViolation("not_companys", _("The card is no longer the company's."))
    if locked.status == TokenStatus.INVALID or locked.purpose != TokenPurpose.CUSTOMER:
        raise RuleViolation("card_withdrawn", _("This card is handed to nobody."))
    if driver is not None:
        if (
            driver.company_id != company.pk
            or driver.shown_status(operator_day(company.operator)) == "ended"
        ):
            raise InvalidInput("not_a_driver", _("Choose a driver of the company."), field="driver")
        if driver.pk != locked.driver_id:
            _refuse_full(driver)
    holder: dict[str, Any] = {"driver": driver} if driver is not None else {"company": company}
    changed, _created = put_token(
        operator=token.operator, uid=token.uid, reason="handed over by the company", **holder
    )
    return changed


@transaction.atomic
def block_card(*, customer: Customer, token: IdToken) -> IdToken:
    """Refuse a card from its next authorisation on, and in local lists; refuses a blocked one."""
    locked = IdToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if locked.status != TokenStatus.ACTIVE:
        raise RuleViolation("status_same", _("This card is blocked already."))
    changed, _created = put_token(
        operator=token.operator, uid=token.uid, status=TokenStatus.BLOCKED,
        reason=BY_DRIVER if _is_own(customer, token) else BY_COMPANY,
    )  # fmt: skip
    return changed


@transaction.atomic
def unblock_card(*, customer: Customer, token: IdToken) -> IdToken:
    """Let a card charge again that a customer blocked; what the operator blocked, it lets go."""
    locked = IdToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if not may_unblock(customer, locked):
        raise RuleViolation("blocked_by_operator", _("Ask %(operator)s about this card.")
                            % {"operator": customer.operator.name})  # fmt: skip
    changed, _created = put_token(
        operator=token.operator, uid=token.uid, status=TokenStatus.ACTIVE, reason="by the customer"
    )
    return changed


def may_unblock(customer: Customer, token: IdToken) -> bool:
    """Whether it was the driver, or the company that the person looks after, who blocked it."""
    if token.status != TokenStatus.BLOCKED:
        return False
    is_companys = token.status_reason == BY_COMPANY and customer.company is not None
    return token.status_reason == BY_DRIVER or is_companys


def why_blocked(token: IdToken) -> str:
    """Why a card does not charge, in the reader's language where a customer blocked it."""
    return str(WORDS.get(token.status_reason, token.status_reason))


def _is_own(customer: Customer, token: IdToken) -> bool:
    return customer.driver is not None and token.driver_id == customer.driver.pk
