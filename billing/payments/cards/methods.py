"""Cards that customers save, which one is taken first, and paying invoices automatically."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount
from billing.payments.cards.account_models import (
    CardSaving,
    PaymentMethod,
    ProviderAccount,
    ProviderCustomer,
    SavingState,
)
from billing.payments.cards.accounts import account_for, needed_for, provider_of, silent
from billing.payments.cards.models import LIVE_STATES, CardPayment
from billing.payments.cards.provider import Card, Order, ProviderRefused, ProviderSilent
from billing.payments.cards.sending import back_to
from core.audit.services import record
from core.errors import RuleViolation
from core.ids import public_id


def can_pay(account: BillingAccount) -> bool:
    """Whether the operator takes cards from this customer."""
    return account_for(account) is not None


def is_test(account: BillingAccount) -> bool:
    """Whether no real money moves: pages say so."""
    found = account_for(account)
    return found is not None and not found.is_live


def methods_of(account: BillingAccount) -> QuerySet[PaymentMethod]:
    """The cards that a customer saved and did not remove, the default first."""
    rows: QuerySet[PaymentMethod] = PaymentMethod.objects.filter(
        customer__account=account, removed_at=None, customer__card_account__is_active=True
    )
    return rows.select_related("customer__card_account").order_by("-is_default", "pk")


def default_of(account: BillingAccount, card_account: ProviderAccount) -> PaymentMethod | None:
    """The card that is taken by itself."""
    rows = methods_of(account).filter(customer__card_account=card_account, is_default=True)
    found: PaymentMethod | None = rows.first()
    return found


def refused(refusal: ProviderRefused) -> RuleViolation:
    """The provider said no to something that moves no money."""
    return RuleViolation(
        "provider_refused", _("The provider refused: %(why)s") % {"why": refusal.message}
    )


def customer_for(account: BillingAccount, card_account: ProviderAccount) -> ProviderCustomer:
    """The customer at the provider, made there the first time. Two who ask at once make one: the
    idempotency key is the account's id."""
    found: ProviderCustomer | None = ProviderCustomer.objects.filter(
        account=account, card_account=card_account
    ).first()
    if found is not None:
        return found
    try:
        ref = provider_of(card_account).make_customer(
            key=f"{card_account.public_id}-{account.public_id}",
            ref=account.public_id,
            name=account.name,
            email=account.emails[0] if account.emails else "",
            language=account.language,
        )
    except ProviderRefused as refusal:
        raise refused(refusal) from refusal
    except ProviderSilent as silence:
        raise silent() from silence
    made: ProviderCustomer
    made, _new = ProviderCustomer.objects.get_or_create(
        account=account, card_account=card_account,
        defaults={"operator_id": account.operator_id, "ref": ref},
    )  # fmt: skip
    return made


def start_adding(*, account: BillingAccount, return_url: str, cancel_url: str) -> str:
    """Where a customer saves a card: a page of the provider's. Nothing is collected. Calls the
    provider."""
    card_account = needed_for(account)
    customer = customer_for(account, card_account)
    with transaction.atomic(durable=True):
        saving: CardSaving = CardSaving.objects.create(
            operator_id=account.operator_id, public_id=public_id("csv"), customer=customer
        )
    order = Order(
        key=saving.public_id, ref=saving.public_id, amount=Decimal(0),
        currency=account.currency, description="", customer=customer.ref,
        return_url=back_to(return_url, saving.public_id),
        cancel_url=back_to(cancel_url, saving.public_id), language=account.language,
    )  # fmt: skip
    try:
        page = provider_of(card_account).open_saving(order)
    except ProviderRefused as refusal:
        raise refused(refusal) from refusal
    except ProviderSilent as silence:
        raise silent() from silence
    CardSaving.objects.filter(pk=saving.pk).update(page_ref=page.ref)
    return page.url


def finish_adding(saving: CardSaving) -> PaymentMethod | None:
    """The card that was saved on a page, kept once however often this is asked; None while
    nothing was saved. Calls the provider."""
    if saving.state != SavingState.OPEN or not saving.page_ref:
        return saving.method
    try:
        card = provider_of(saving.customer.card_account).saved(saving.page_ref)
    except ProviderRefused:
        CardSaving.objects.filter(pk=saving.pk, state=SavingState.OPEN).update(
            state=SavingState.ENDED
        )
        return None
    except ProviderSilent:
        return None
    return _keep(saving, card) if card is not None else None


@transaction.atomic
def _keep(saving: CardSaving, card: Card) -> PaymentMethod:
    customer = ProviderCustomer.objects.select_for_update(of=("self",)).get(pk=saving.customer_id)
    found: PaymentMethod | None = PaymentMethod.objects.filter(
        customer=customer, ref=card.ref
    ).first()
    if found is None:
        is_first = not PaymentMethod.objects.filter(customer=customer, is_default=True).exists()
        found = PaymentMethod.objects.create(
            operator_id=customer.operator_id, public_id=public_id("pm"), customer=customer,
            ref=card.ref, kind=card.kind, brand=card.brand, last4=card.last4,
            exp_month=card.exp_month, exp_year=card.exp_year, is_default=is_first,
        )  # fmt: skip
        record(
            "payment_method.add", found, operator_id=found.operator_id,
            after={"card": found.label, "account": customer.account.public_id},
        )  # fmt: skip
    CardSaving.objects.filter(pk=saving.pk).update(state=SavingState.DONE, method=found)
    saving.state, saving.method = SavingState.DONE, found
    return found


def _customer_of(method: PaymentMethod) -> ProviderCustomer:
    """The card's customer, held."""
    row: ProviderCustomer = ProviderCustomer.objects.select_for_update(of=("self",)).get(
        pk=method.customer_id
    )
    return row


@transaction.atomic
def set_default(*, method: PaymentMethod) -> PaymentMethod:
    """Take this card first; refuses a removed one."""
    _customer_of(method)
    method.refresh_from_db()
    if method.removed_at is not None:
        raise RuleViolation("method_removed", _("The card was removed."))
    if method.is_default:
        return method
    PaymentMethod.objects.filter(customer_id=method.customer_id, is_default=True).update(
        is_default=False
    )
    PaymentMethod.objects.filter(pk=method.pk).update(is_default=True)
    method.is_default = True
    record(
        "payment_method.default", method, operator_id=method.operator_id,
        after={"card": method.label},
    )  # fmt: skip
    return method


def remove(*, method: PaymentMethod) -> None:
    """Never use a card again; another one becomes the default, and without one nothing is paid
    automatically. Refuses while a payment by it is under way. Calls the provider."""
    _forget_here(method)
    try:
        provider_of(method.customer.card_account).forget(method.ref)
    except (ProviderRefused, ProviderSilent) as failure:
        # It is gone here, which is what counts: this room takes no card that was removed.
        record(
            "payment_method.detach_failed", method, operator_id=method.operator_id,
            reason=str(failure)[:300],
        )  # fmt: skip


@transaction.atomic
def _forget_here(method: PaymentMethod) -> None:
    customer = _customer_of(method)
    method.refresh_from_db()
    if method.removed_at is not None:
        raise RuleViolation("method_removed", _("The card was removed."))
    if CardPayment.objects.filter(method=method, state__in=LIVE_STATES).exists():
        raise RuleViolation("being_paid", _("A payment by this card is under way."))
    was_default = method.is_default
    method.is_default, method.removed_at = False, timezone.now()
    method.save(update_fields=["is_default", "removed_at"])
    record(
        "payment_method.remove", method, operator_id=method.operator_id,
        before={"card": method.label},
    )  # fmt: skip
    following = PaymentMethod.objects.filter(customer=customer, removed_at=None).first()
    if following is not None and was_default:
        set_default(method=following)
    elif following is None and customer.pays_automatically:
        _switch(customer, is_on=False)


def automatic_of(account: BillingAccount) -> bool:
    """Whether invoices are paid by the saved card when they fall due."""
    rows = ProviderCustomer.objects.filter(account=account, card_account__is_active=True)
    return rows.filter(pays_automatically=True).exists()


@transaction.atomic
def set_automatic(*, account: BillingAccount, is_on: bool) -> None:
    """Pay invoices by the default card when they fall due, or no longer; needs a card to be
    switched on."""
    card_account = needed_for(account)
    customer = (
        ProviderCustomer.objects.select_for_update(of=("self",))
        .filter(account=account, card_account=card_account)
        .first()
    )
    if is_on and default_of(account, card_account) is None:
        raise RuleViolation("no_method", _("Save a card first."))
    if customer is not None and customer.pays_automatically != is_on:
        _switch(customer, is_on=is_on)


def _switch(customer: ProviderCustomer, *, is_on: bool) -> None:
    ProviderCustomer.objects.filter(pk=customer.pk).update(pays_automatically=is_on)
    record(
        "billing_account.automatic_payment", customer.account, operator_id=customer.operator_id,
        before={"automatic": not is_on}, after={"automatic": is_on},
    )  # fmt: skip
