"""Sites and EVSEs as a customer sees them: live state, power, hours, and the price for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from billing.rating.price_text import PriceText
from billing.tariffs.models import TariffVersion
from core.accounts.models import Operator
from core.lists.filters import with_words
from core.status_words import status_word
from customers.attribution.attributor import answer_all
from customers.attribution.loading import Question
from customers.residents.models import Resident
from customers.selfservice.customer import Customer
from customers.selfservice.mine import owners_of, tokens_of
from customers.selfservice.session_page import agreed_price
from customers.tokens.models import IdToken, TokenKind
from stations.hardware import fleet
from stations.hardware.choices import ConnectorType
from stations.hardware.models import Connector, Evse
from stations.sites.choices import PublicAccess
from stations.sites.hours import open_at
from stations.sites.models import Site
from stations.sites.selectors import hours_of

OFFLINE: Final = "offline"
_ORDER: Final = ("station__name", "station_id", "number")


@dataclass(slots=True)
class SiteNow:
    """A site in the list: what is free now, what fits, and the price at its first EVSE."""

    site: Site
    by_status: Counter[str] = field(default_factory=Counter)
    most_power_w: int = 0
    types: list[str] = field(default_factory=list)
    prices: list[PriceText] = field(default_factory=list)
    has_other_prices: bool = False
    is_open: bool | None = None

    @property
    def available(self) -> int:
        """EVSEs that a car could use now."""
        return self.by_status["available"]

    @property
    def evses(self) -> int:
        """EVSEs in use."""
        return self.by_status.total()

    @property
    def state(self) -> str:
        """A word for the marker: free, full or out of order."""
        if self.available:
            return "available"
        busy = sum(self.by_status[one] for one in _BUSY)
        return "occupied" if busy else "unavailable"


_BUSY: Final = (
    "charging", "occupied", "preparing", "finishing", "suspended_ev", "suspended_evse", "reserved",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EvseNow:
    """An EVSE on the page of its site. ``status``: of its best connector, or offline."""

    evse: Evse
    connectors: Sequence[Connector]
    status: str
    prices: Sequence[PriceText]
    why: Sequence[Any]
    is_free: bool
    version: TariffVersion | None = None

    @property
    def may_start(self) -> bool:
        """Whether a session could begin there now."""
        return self.status in ("available", "preparing", "occupied", "finishing")


def visible_sites(customer: Customer) -> QuerySet[Site]:
    """Sites that are not private, and private ones that the customer belongs to."""
    allowed = ~Q(public_access=PublicAccess.PRIVATE)
    for owner in owners_of(customer):
        allowed |= Q(pk__in=owner.allowed_sites.values("pk"))
    if customer.driver is not None:
        today = operator_day(customer.operator)
        lives = Resident.objects.filter(
            Q(valid_from_on=None) | Q(valid_from_on__lte=today),
            Q(valid_until_on=None) | Q(valid_until_on__gte=today),
            driver=customer.driver,
        )
        allowed |= Q(pk__in=lives.values("site"))
    rows: QuerySet[Site] = Site.objects.filter(allowed, retired_on=None)
    return rows.order_by("name", "id")


def sites_that_fit(
    customer: Customer,
    *,
    q: str = "",
    connector: str = "",
    least_kw: int | None = None,
    is_free: bool = False,
) -> QuerySet[Site]:
    """Visible sites by words, and by what one EVSE in use offers: connector, power, free now."""
    rows = with_words(visible_sites(customer), ("name", "city", "address"), q)
    evses = _evses()
    if connector:
        evses = evses.filter(connectors__connector_type=connector, connectors__retired_on=None)
    if least_kw is not None:
        evses = evses.filter(max_power_w__gte=least_kw * 1000)
    if is_free:
        evses = evses.filter(worst="available", connected=True)
    if connector or least_kw is not None or is_free:
        rows = rows.filter(pk__in=evses.values("station__site"))
    return rows


def startable_tokens(customer: Customer) -> list[IdToken]:
    """The driver's tokens that charge now; the app's first."""
    if customer.driver is None:
        return []
    rows = [one for one in tokens_of(customer.driver)[:20] if one.shown_status == "active"]
    return sorted(rows, key=lambda one: (one.kind != TokenKind.APP, one.pk))


def _evses() -> QuerySet[Any]:
    """EVSEs in use with status and whether the station is there."""
    rows: QuerySet[Any] = Evse.objects.filter(retired_on=None, station__retired_on=None)
    found: QuerySet[Any] = rows.annotate(
        worst=fleet.worst_status(evse=OuterRef("pk")),
        connected=Coalesce("station__link__is_connected", False),
    )
    return found


def sites_now(customer: Customer, sites: Sequence[Site], now: datetime) -> list[SiteNow]:
    """What the list tells of these sites; a fixed number of queries."""
    found = {site.pk: SiteNow(site, is_open=is_open(site, now)) for site in sites}
    firsts: dict[int, list[Question]] = defaultdict(list)
    token = next(iter(startable_tokens(customer)), None)
    rows = _evses().filter(station__site__in=list(found)).order_by(*_ORDER)
    for pk, station_id, site_id, status, connected, power in rows.values_list(
        "pk", "station_id", "station__site_id", "worst", "connected", "max_power_w"
    ):
        one = found[site_id]
        one.by_status[status if connected else OFFLINE] += 1
        one.most_power_w = max(one.most_power_w, power or 0)
        firsts[site_id].append(_question(site_id, station_id, pk, token, now))
    _types(found)
    _prices(customer.operator, found, firsts)
    return list(found.values())


def _types(found: dict[int, SiteNow]) -> None:
    rows = Connector.objects.filter(
        evse__station__site__in=list(found), retired_on=None, evse__retired_on=None,
        evse__station__retired_on=None,
    ).exclude(connector_type=ConnectorType.UNKNOWN)  # fmt: skip
    pairs = rows.order_by("connector_type").values_list("evse__station__site", "connector_type")
    words = dict(ConnectorType.choices)
    for site_id, kind in pairs.distinct():
        found[site_id].types.append(str(words.get(kind, kind)))


def _question(
    site_id: int, station_id: int, evse_id: int, token: IdToken | None, now: datetime
) -> Question:
    return Question(
        at=now, site_id=site_id, station_id=station_id, evse_id=evse_id,
        token=token.uid if token is not None else "",
    )  # fmt: skip


def _prices(
    operator: Operator, found: dict[int, SiteNow], asked: dict[int, list[Question]]
) -> None:
    """The price at the first EVSE of each site, and whether another one has another."""
    questions = {
        (site_id, place): one for site_id, rows in asked.items() for place, one in enumerate(rows)
    }
    if not questions:
        return
    answers = answer_all(questions, operator)
    chosen = {
        key: answer.choice.version.id
        for key, answer in answers.items()
        if answer.choice is not None and answer.choice.version is not None
    }
    versions = _versions(chosen.values())
    for site_id, one in found.items():
        own = {version for key, version in chosen.items() if key[0] == site_id}
        first = chosen.get((site_id, 0))
        one.prices = list(agreed_price(versions.get(first or 0)))
        one.has_other_prices = len(own) > 1


def _versions(keys: Iterable[int]) -> dict[int, TariffVersion]:
    rows = TariffVersion.objects.filter(pk__in=set(keys)).select_related("tariff")
    return {row.pk: row for row in rows}


def evses_now(customer: Customer, site: Site, now: datetime) -> list[EvseNow]:
    """The EVSEs of a site with their prices for the customer."""
    rows = list(
        _evses()
        .filter(station__site=site)
        .select_related("station__site")
        .prefetch_related("connectors")
        .order_by(*_ORDER)
    )
    token = next(iter(startable_tokens(customer)), None)
    questions = {one.pk: _question(site.pk, one.station_id, one.pk, token, now) for one in rows}
    answers = answer_all(questions, customer.operator) if questions else {}
    versions = _versions(
        answer.choice.version.id
        for answer in answers.values()
        if answer.choice is not None and answer.choice.version is not None
    )
    found = []
    for one in rows:
        answer = answers[one.pk]
        version = answer.choice.version if answer.choice is not None else None
        found.append(
            EvseNow(
                evse=one,
                connectors=[c for c in one.connectors.all() if c.retired_on is None],
                status=one.worst if one.connected else OFFLINE,
                prices=agreed_price(versions.get(version.id)) if version is not None else (),
                why=answer.why,
                is_free=answer.payer.is_free,
                version=versions.get(version.id) if version is not None else None,
            )
        )
    return found


def is_open(site: Site, now: datetime) -> bool | None:
    """Whether the site is open now; None where its hours are not stated."""
    hours = hours_of(site)
    return None if hours is None else open_at(hours, now, ZoneInfo(site.time_zone))


def markers(customer: Customer, rows: Iterable[SiteNow]) -> list[dict[str, Any]]:
    """What the map draws (static/js/map.js)."""
    slug = customer.operator.slug
    found = []
    for one in rows:
        site = one.site
        if site.latitude is None or site.longitude is None:
            continue
        word = status_word(one.state)
        found.append(
            {
                "id": site.public_id,
                "name": site.name,
                "latitude": float(site.latitude),
                "longitude": float(site.longitude),
                "url": reverse("my_site", args=[slug, site.public_id]),
                "tone": word.tone,
                "icon": word.icon,
                "word": str(word.word),
                "note": _("%(free)d of %(all)d available")
                % {"free": one.available, "all": one.evses},
            }
        )
    return found
