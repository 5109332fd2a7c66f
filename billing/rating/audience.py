"""Whom a price concerns: members of its price group, and who charged where it holds
(setting TARIFF_AUDIENCE)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q

from billing.accounts.dated import holding_on, operator_day
from billing.accounts.models import PriceGroupMembership
from billing.rating.models import SessionBilling
from billing.tariffs.affected import sessions_of
from billing.tariffs.choice import Wish
from billing.tariffs.choosing import tariff_facts
from billing.tariffs.models import TariffAssignment
from core.tenancy.places import limited_to
from stations.hardware.models import Connector

REMEMBERED: Final = timedelta(days=365)
Visit = tuple[int, int, int, int | None]
"""Account, site, station and EVSE."""


class RatedAudience:
    """By what was billed during the last year, and by who is in which price group."""

    def account_ids(self, rows: Sequence[TariffAssignment], at: datetime) -> set[int]:
        """Whoever would get one of the assignments' prices at that instant."""
        with limited_to(None):
            return self._members(rows, at) | self._visitors(rows, at)

    def _members(self, rows: Sequence[TariffAssignment], at: datetime) -> set[int]:
        groups = {row.price_group_id for row in rows if row.price_group_id is not None}
        if not groups:
            return set()
        day = operator_day(rows[0].operator, at)
        held = PriceGroupMembership.objects.filter(holding_on(day), price_group__in=groups)
        return set(held.order_by().values_list("account_id", flat=True))

    def _visitors(self, rows: Sequence[TariffAssignment], at: datetime) -> set[int]:
        """Of those who charged there, the ones whose price one of the assignments is then."""
        general = [row for row in rows if row.price_group_id is None]
        visits = set(self._visits(general, at))
        if not visits:
            return set()
        day = operator_day(general[0].operator, at)
        accounts = {account for account, *_place in visits}
        held = PriceGroupMembership.objects.filter(holding_on(day), account__in=accounts)
        group_of = dict(held.order_by().values_list("account_id", "price_group_id"))
        types = _connector_types({evse for *_place, evse in visits if evse is not None})
        facts, own = tariff_facts(at, at), {row.pk for row in general}
        found: set[int] = set()
        for account, site, station, evse in visits:
            if account in found:
                continue
            for connector_type in types.get(evse or 0, {""}):
                wish = Wish(
                    at=at,
                    site_id=site,
                    station_id=station,
                    evse_id=evse,
                    connector_type=connector_type,
                    price_group_id=group_of.get(account),
                )
                offer = facts.choose(wish).offer
                if offer is not None and offer.id in own:
                    found.add(account)
        return found

    def _visits(self, rows: Sequence[TariffAssignment], at: datetime) -> Iterator[Visit]:
        for row in rows:
            sessions = sessions_of(row).filter(started_at__gte=at - REMEMBERED)
            billed = SessionBilling.objects.filter(
                Q(account__isnull=False), session__in=sessions.values("pk"), is_free=False
            )
            yield from (
                billed.order_by()
                .annotate(
                    site_id=F("session__station__site_id"),
                    station_id=F("session__station_id"),
                    evse_id=F("session__evse_id"),
                )
                .values_list("account_id", "site_id", "station_id", "evse_id")
                .distinct()
            )


def _connector_types(evses: set[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = Connector.objects.filter(evse__in=evses).values_list("evse_id", "connector_type")
    for evse, connector_type in rows:
        found.setdefault(evse, set()).add(connector_type)
    return found
