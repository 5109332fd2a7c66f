"""A seller's account at a provider: its keys, and the provider that speaks with them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.provider import Keys, Provider, ProviderRefused, ProviderSilent
from billing.sellers.models import Seller
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.sealing import Unreadable, seal, unseal

PURPOSE: Final = "payment-provider-keys"
_LEAST_KEY: Final = 12


def silent() -> RuleViolation:
    """The provider gave no answer; nothing was moved by this."""
    return RuleViolation(
        "provider_silent", _("The provider does not answer. Try again in a while.")
    )


def provider_of(card_account: ProviderAccount) -> Provider:
    """The provider, speaking for the account. Raises ProviderRefused when its keys cannot be
    read any more."""
    try:
        keys = Keys(
            secret_key=unseal(card_account.secret_key_sealed, PURPOSE).decode(),
            webhook_secret=unseal(card_account.webhook_secret_sealed, PURPOSE).decode(),
        )
    except Unreadable as error:
        raise ProviderRefused("keys", "The keys cannot be read; enter them again.") from error
    return _made(card_account.provider, keys)


def _made(name: str, keys: Keys) -> Provider:
    provider: Provider = import_string(settings.PAYMENT_PROVIDERS[name])(keys)
    return provider


def account_of_seller(
    seller_id: int | None, *, at_terminals: bool = False
) -> ProviderAccount | None:
    """The seller's account in use; the default seller's where no seller is named."""
    rows = ProviderAccount.objects.filter(is_active=True, is_terminal=at_terminals)
    rows = rows.select_related("operator", "seller")
    wanted = {"seller__is_default": True} if seller_id is None else {"seller_id": seller_id}
    found: ProviderAccount | None = rows.filter(**wanted).first()
    return found


def account_for(account: BillingAccount) -> ProviderAccount | None:
    """Where a customer saves cards: at the default seller's, else at the only one in use."""
    rows = ProviderAccount.objects.filter(
        is_active=True, is_terminal=False, operator_id=account.operator_id
    )
    found: list[ProviderAccount] = list(
        rows.select_related("operator", "seller").order_by("-seller__is_default", "pk")[:2]
    )
    if not found or (len(found) > 1 and not found[0].seller.is_default):
        return None
    return found[0]


def needed_for(account: BillingAccount) -> ProviderAccount:
    """As ``account_for``; refuses where cards are not taken."""
    found = account_for(account)
    if found is None:
        raise RuleViolation("no_provider", _("Cards are not taken here."))
    return found


def save_account(
    *,
    seller: Seller,
    secret_key: str,
    webhook_secret: str = "",
    hold_amount: Decimal,
    refund_limit: Decimal | None = None,
    provider: str = "stripe",
) -> ProviderAccount:
    """Keep the keys of a seller, sealed; an empty key leaves the one that is kept.

    The provider is asked first: keys that do not work are refused, and test keys after live ones
    (and the other way round), since customers and cards are of one of both worlds.
    """
    at_terminals = bool(import_string(settings.PAYMENT_PROVIDERS[provider]).at_terminals)
    kept = ProviderAccount.objects.filter(seller=seller, is_terminal=at_terminals).first()
    secret, hook = _keys(kept, secret_key.strip(), webhook_secret.strip(), at_terminals)
    is_live = _asked(provider, Keys(secret, hook))
    if kept is not None and kept.is_live != is_live:
        raise InvalidInput(
            "other_world", _("Test keys and live keys cannot follow each other."),
            field="secret_key",
        )  # fmt: skip
    return _stored(
        seller, kept,
        provider=provider, is_terminal=at_terminals,
        secret_key_sealed=seal(secret.encode(), PURPOSE),
        webhook_secret_sealed=seal(hook.encode(), PURPOSE), key_hint=secret[-4:],
        is_live=is_live, hold_amount=hold_amount, refund_limit=refund_limit,
    )  # fmt: skip


def _keys(
    kept: ProviderAccount | None, secret: str, hook: str, at_terminals: bool
) -> tuple[str, str]:
    if kept is not None:
        secret = secret or unseal(kept.secret_key_sealed, PURPOSE).decode()
        hook = hook or unseal(kept.webhook_secret_sealed, PURPOSE).decode()
    for name, value in (("secret_key", secret), ("webhook_secret", hook)):
        if len(value) < _LEAST_KEY and not (at_terminals and name == "webhook_secret"):
            raise InvalidInput("key_needed", _("Copy the whole key."), field=name)
    return secret, hook


def _asked(provider: str, keys: Keys) -> bool:
    try:
        return _made(provider, keys).is_live()
    except ProviderRefused as refusal:
        raise InvalidInput(
            "key_refused", _("The provider does not accept this key."), field="secret_key"
        ) from refusal
    except ProviderSilent as silence:
        raise silent() from silence


@transaction.atomic
def _stored(seller: Seller, kept: ProviderAccount | None, **values: Any) -> ProviderAccount:
    row: ProviderAccount
    if kept is None:
        row = ProviderAccount.objects.create(
            operator_id=seller.operator_id, seller=seller, public_id=public_id("cac"), **values
        )
        before: dict[str, Any] = {}
    else:
        row = ProviderAccount.objects.select_for_update(of=("self",)).get(pk=kept.pk)
        before = _shown(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    record("card_account.save", row, operator_id=row.operator_id, before=before, after=_shown(row))
    return row


def _shown(row: ProviderAccount) -> dict[str, Any]:
    return {
        "key": f"…{row.key_hint}",
        "is_live": row.is_live,
        "hold_amount": row.hold_amount,
        "refund_limit": row.refund_limit,
    }


@transaction.atomic
def set_active(*, card_account: ProviderAccount, is_active: bool, reason: str) -> ProviderAccount:
    """Take cards, or take none any more; what is under way is finished all the same."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    changed = ProviderAccount.objects.filter(pk=card_account.pk, is_active=not is_active).update(
        is_active=is_active
    )
    if not changed:
        raise RuleViolation("nothing_changes", _("It is so already."))
    card_account.is_active = is_active
    record(
        "card_account.switch", card_account, operator_id=card_account.operator_id,
        before={"is_active": not is_active}, after={"is_active": is_active}, reason=reason,
    )  # fmt: skip
    return card_account
