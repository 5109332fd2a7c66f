"""An answer with the rows it names, for pages and the API."""

from __future__ import annotations

from dataclasses import dataclass

from billing.accounts.models import BillingAccount, PriceGroup
from billing.tariffs.models import Tariff, TariffVersion
from core.sentences import Sentence
from customers.attribution.attributor import Answer


@dataclass(frozen=True, slots=True)
class Result:
    """What an answer names, loaded; None where there is nothing."""

    account: BillingAccount | None
    price_group: PriceGroup | None
    tariff: Tariff | None
    version: TariffVersion | None
    is_free: bool
    why: tuple[Sentence, ...]


def result_of(answer: Answer) -> Result:
    """At most three queries."""
    payer, choice = answer.payer, answer.choice
    account = BillingAccount.objects.filter(pk=payer.account.id).first() if payer.account else None
    group = (
        PriceGroup.objects.filter(pk=payer.price_group.id).first() if payer.price_group else None
    )
    version = None
    if choice is not None and choice.version is not None:
        rows = TariffVersion.objects.select_related("tariff")
        version = rows.filter(pk=choice.version.id).first()
    return Result(
        account, group, version.tariff if version else None, version, payer.is_free, answer.why
    )
