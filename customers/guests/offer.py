"""What a guest is offered at a connector: its state, the price, who sells, and how to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import OuterRef
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.accounts import account_of_seller, provider_of
from billing.payments.cards.provider import ProviderRefused
from billing.rating.price_text import PriceText
from billing.rating.pricing import tariff_of
from billing.rating.session_facts import NotRateable
from billing.sellers.models import Seller
from billing.sellers.selectors import seller_of
from billing.tariffs.afir import is_for_ad_hoc
from billing.tariffs.model import TariffError
from billing.tariffs.models import TariffVersion
from customers.attribution.attributor import answer_all
from customers.attribution.loading import Question
from customers.guests.models import AT_EVSE, GuestVisit, Shape
from customers.selfservice.coming import coming_energy
from customers.selfservice.places import OFFLINE
from customers.selfservice.session_page import agreed_price
from stations.hardware import fleet
from stations.hardware.models import Connector, Evse
from stations.sessions.models import Session, SessionState
from stations.sites.choices import PublicAccess

STARTABLE: Final = ("available", "preparing", "occupied", "finishing")
PREPAID_CHOICES: Final = (Decimal(50), Decimal(100), Decimal(200), Decimal(400))


@dataclass(frozen=True, slots=True)
class Offer:
    """What stands on the page of a connector. ``refusal`` says why nobody can begin there now;
    without a seller, a price and an account for cards no guest ever can."""

    connector: Connector
    status: str
    prices: tuple[PriceText, ...]
    coming: tuple[str, ...]
    version: TariffVersion | None
    seller: Seller | None
    card_account: ProviderAccount | None
    hold_amount: Decimal
    currency: str
    refusal: str
    terminal: str = ""

    @property
    def evse(self) -> Evse:
        """Where it is."""
        evse: Evse = self.connector.evse
        return evse

    @property
    def may_begin(self) -> bool:
        """Whether a guest can pay and begin now."""
        return not self.refusal

    @property
    def shapes(self) -> tuple[str, ...]:
        """The ways to pay; at the terminal first, where one stands."""
        on_page = self.card_account is None or not self.card_account.is_terminal
        ways = (Shape.HOLD, Shape.PREPAID) if on_page else ()
        return (Shape.TERMINAL, *ways) if self.terminal else ways

    @property
    def is_test(self) -> bool:
        """Whether no real money moves."""
        return self.card_account is not None and not self.card_account.is_live

    @property
    def prepaid_choices(self) -> tuple[Decimal, ...]:
        """Amounts to pay ahead, up to what would be held."""
        found = tuple(one for one in PREPAID_CHOICES if one < self.hold_amount)
        return (*found, self.hold_amount)


def offer_at(connector: Connector, now: datetime) -> Offer:
    """The offer at a connector, inside its operator's scope."""
    evse, site = connector.evse, connector.evse.station.site
    status = status_of(connector)
    version = _version(connector, now)
    day = operator_day(connector.operator, now)
    seller = seller_of([site.pk], day)[site.pk].seller
    cards = account_of_seller(seller.pk) if seller is not None else None
    gateway = _gateway(evse, seller)
    currency = version.tariff.currency if version is not None else connector.operator.currency
    return Offer(
        connector=connector,
        status=status,
        prices=tuple(agreed_price(version, with_tax=True)),
        coming=tuple(coming_energy(version, site, now)),
        version=version,
        seller=seller,
        card_account=cards or gateway,
        hold_amount=_hold_amount(cards or gateway),
        currency=currency,
        refusal=_never(connector, version, cards or gateway, currency) or _now(evse, status),
        terminal=evse.payment_terminal if gateway is not None else "",
    )


def _gateway(evse: Evse, seller: Seller | None) -> ProviderAccount | None:
    """The seller's account for terminals, where one stands at the EVSE."""
    if seller is None or not evse.payment_terminal:
        return None
    return account_of_seller(seller.pk, at_terminals=True)


def _hold_amount(account: ProviderAccount | None) -> Decimal:
    return account.hold_amount if account is not None else Decimal(0)


def status_of(connector: Connector) -> str:
    """Of the connector; of its EVSE where that tells nothing, and offline without a link."""
    row = Evse.objects.filter(pk=connector.evse_id).annotate(
        worst=fleet.worst_status(evse=OuterRef("pk"))
    )
    worst, connected = row.values_list("worst", "station__link__is_connected").get()
    if not connected:
        return OFFLINE
    return str(connector.status if connector.status != "unknown" else worst)


def _version(connector: Connector, now: datetime) -> TariffVersion | None:
    """The published price for everyone, where guests may be priced by it."""
    evse = connector.evse
    asked = Question(
        at=now, site_id=evse.station.site_id, station_id=evse.station_id, evse_id=evse.pk,
        connector_type=connector.connector_type,
    )  # fmt: skip
    choice = answer_all({0: asked}, connector.operator)[0].choice
    if choice is None or choice.version is None:
        return None
    rows = TariffVersion.objects.select_related("tariff")
    version: TariffVersion | None = rows.filter(pk=choice.version.id).first()
    if version is None:
        return None
    try:
        tariff = tariff_of(version).tariff
    except (NotRateable, TariffError, ValueError):
        return None
    return version if is_for_ad_hoc(tariff) and not tariff.extras.announced_afterwards else None


def _never(
    connector: Connector,
    version: TariffVersion | None,
    cards: ProviderAccount | None,
    currency: str,
) -> str:
    """What is missing for any guest to charge here."""
    if not connector.evse.station.site.guest_charging:
        return _("Guests cannot charge here. Charge with a card or an account of the operator.")
    if connector.evse.station.site.public_access == PublicAccess.PRIVATE:
        return _("This place is private: charge with a card of the operator.")
    if version is None or cards is None or not _takes(cards, currency):
        return _("Nobody can pay on the spot here. Charge with a card of the operator.")
    return ""


def _takes(cards: ProviderAccount, currency: str) -> bool:
    try:
        return provider_of(cards).least(currency) is not None
    except ProviderRefused:
        return False


def _now(evse: Evse, status: str) -> str:
    """What is in the way at the moment."""
    if status == OFFLINE:
        return _("The station cannot be reached now, so nothing can be started from here.")
    if status in ("faulted", "unavailable"):
        return _("This connector is out of order. Choose another.")
    taken = Session.objects.filter(evse=evse, state=SessionState.ACTIVE).exists()
    if taken or GuestVisit.objects.filter(evse=evse, state__in=AT_EVSE).exists():
        return _("Somebody charges here now. Choose another, or come back later.")
    if status not in STARTABLE:
        return _("This connector cannot be used at the moment.")
    return ""
