"""Puts the operator's own cards on local lists (setting ``LOCAL_LIST_SOURCES``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from billing.accounts.dated import holding_on
from core.accounts.models import Operator
from customers.companies.models import CompanyAccount
from customers.drivers.models import DriverAccount
from customers.tokens.models import IdToken, TokenKind, TokenStatus
from stations.ocpp.authorisation.protocol import LocalListEntry

_TYPES = {
    TokenKind.RFID: "ISO14443",
    TokenKind.APP: "Central",
    TokenKind.VIRTUAL: "Central",
}


def ocpp_type(token: IdToken) -> str:
    """IdTokenEnumType (OCPP 2.0.1 §3.43) of a token."""
    if token.uid.upper().startswith("VID:"):
        return "MacAddress"
    return _TYPES[TokenKind(token.kind)]


_OWNERS = ("driver__", "driver__company__", "company__")


def _unlimited(path: str) -> Q:
    """No limit on this level; True where there is no such owner."""
    limited = Q()
    for name in ("max_concurrent_sessions", "max_energy_wh_per_month", "max_gross_per_month"):
        limited |= Q(**{f"{path}{name}__isnull": False})
    no_hours = Q(**{f"{path}allowed_hours": []})
    if path:
        no_hours |= Q(**{f"{path}id": None})
    return ~limited & no_hours


def _owner_allows(path: str, site_id: int) -> Q:
    """The owner is not blocked, and is bound to no other sites."""
    sites = Q(**{f"{path}allowed_sites": None}) | Q(**{f"{path}allowed_sites": site_id})
    return sites & ~Q(**{f"{path}status": "blocked"})


def _day(operator_id: int, at: datetime) -> date:
    zone = Operator.objects.values_list("time_zone", flat=True).get(pk=operator_id)
    return at.astimezone(ZoneInfo(zone)).date()


def payer_status(day: date) -> Combinable:
    """Status of the account that pays for a token on that day; NULL where nobody does."""
    of_driver = DriverAccount.objects.filter(holding_on(day), owner=OuterRef("driver_id"))
    of_company = CompanyAccount.objects.filter(
        holding_on(day), owner=Coalesce(OuterRef("company_id"), OuterRef("driver__company_id"))
    )
    return Coalesce(
        Subquery(of_driver.order_by().values("account__status")[:1]),
        Subquery(of_company.order_by().values("account__status")[:1]),
    )


def _driver_is_valid(operator_id: int, at: datetime) -> Q:
    """Nobody's, or on a day of the driver's validity in the operator's zone."""
    today = _day(operator_id, at)
    return (Q(driver__valid_from_on=None) | Q(driver__valid_from_on__lte=today)) & (
        Q(driver__valid_until_on=None) | Q(driver__valid_until_on__gte=today)
    )


class CardSource:
    """Active cards that may charge at the site; runs inside the operator's scope.

    Cards with limits of their own, of their driver or of their company are left out: a station
    that decides alone knows no hours and cannot count their use.
    """

    by_site = True

    def entries(
        self, *, operator_id: int, station_id: int, site_id: int, at: datetime
    ) -> Iterator[LocalListEntry]:
        """One entry a card, in the order of UIDs."""
        cards = (
            IdToken.objects.filter(kind=TokenKind.RFID, status=TokenStatus.ACTIVE)
            .filter(Q(expires_at=None) | Q(expires_at__gt=at))
            .filter(Q(allowed_sites=None) | Q(allowed_sites=site_id))
            .filter(*(_unlimited(path) for path in ("", *_OWNERS)))
            .filter(*(_owner_allows(path, site_id) for path in _OWNERS))
            .filter(_driver_is_valid(operator_id, at))
            .annotate(payer_status=payer_status(_day(operator_id, at)))
            .filter(Q(payer_status=None) | Q(payer_status="active"))
            .order_by("uid", "id")
        )
        for card in cards:
            yield LocalListEntry(
                id_token=card.uid,
                id_token_type=ocpp_type(card),
                status="Accepted",
                expires_at=card.expires_at,
                group_id=card.group_id or None,
            )

    def stamp(self, *, operator_id: int, at: datetime) -> str:
        """Every write of a row gives it a new ``xmin``, so that rows and their sum tell of any
        change; besides, the day and the cards that have expired."""
        with connection.cursor() as cursor:
            cursor.execute(_STAMP, {"operator": operator_id, "at": at})
            row = cursor.fetchone()
        return f"{_day(operator_id, at):%y%m%d}-{row[0]}"


_STAMP = """
SELECT md5(concat_ws(' ',
  (SELECT concat(count(*), '/', sum(xmin::text::bigint), '/',
     count(*) FILTER (WHERE expires_at <= %(at)s))
   FROM customers_idtoken WHERE operator_id = %(operator)s),
  (SELECT concat(count(*), '/', sum(xmin::text::bigint))
   FROM customers_driver WHERE operator_id = %(operator)s),
  (SELECT concat(count(*), '/', sum(xmin::text::bigint))
   FROM customers_company WHERE operator_id = %(operator)s),
  (SELECT concat(count(*), '/', sum(xmin::text::bigint))
   FROM billing_billingaccount WHERE operator_id = %(operator)s),
  (SELECT concat(count(*), '/', sum(xmin::text::bigint))
   FROM customers_driveraccount WHERE operator_id = %(operator)s),
  (SELECT concat(count(*), '/', sum(xmin::text::bigint))
   FROM customers_companyaccount WHERE operator_id = %(operator)s),
  (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM customers_idtoken_allowed_sites),
  (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM customers_driver_allowed_sites),
  (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM customers_company_allowed_sites)))
"""
