"""The demo's customers who log in: Dina, a driver, and Carl, who looks after a company."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from django.db import connection
from django.db.models import Count
from django.db.models.fields.json import KT

from billing.accounts.models import AccountStatus, BillingAccount
from core.accounts.models import Operator, User
from core.operators.models import LegalText
from customers.companies.models import Company
from customers.drivers.models import Driver, DriverStatus
from customers.selfservice.models import Consent, CustomerLogin
from customers.tokens.models import IdToken, TokenKind, TokenStatus
from portal.demo.people import PEOPLE, Person
from stations.sessions.models import Session

COST_CENTRES: Final = ("4010 Stad", "4020 Land", "4030 Jour")
_RENAME: Final = """
UPDATE stations_session SET token_snapshot = token_snapshot || %s::jsonb
WHERE operator_id = %s AND token_snapshot ->> 'driver' = %s
"""


def write_customers(slugs: Iterable[str]) -> int:
    """Link the demo's people outside the operators; returns how many."""
    outside = [one for one in PEOPLE if not one.is_member and one.operator in set(slugs)]
    return sum(map(_write, outside))


def _write(person: Person) -> int:
    operator = Operator.objects.get(slug=person.operator)
    user = User.objects.get(email=person.email)
    texts = LegalText.objects.filter(operator=operator)
    Consent.objects.bulk_create(Consent(operator=operator, user=user, text=one) for one in texts)
    if person.role == "driver":
        return _driver(operator, user, person)
    return _admin(operator, user)


def _driver(operator: Operator, user: User, person: Person) -> int:
    """The private driver with most sessions who pays for themself becomes the person."""
    driver = _busiest(operator)
    if driver is None:
        return 0
    Driver.objects.filter(pk=driver.pk).update(name=person.name, email=person.email)
    BillingAccount.objects.filter(driveraccounts__owner=driver).update(
        name=person.name, emails=[person.email]
    )
    _resay(operator, driver, {"driver_name": person.name, "label": "Dinas kort"})
    IdToken.objects.filter(driver=driver).update(label="Dinas kort")
    IdToken.objects.create(
        operator=operator, uid="APPD1NA000000001", kind=TokenKind.APP, label="App", driver=driver
    )
    CustomerLogin.objects.create(operator=operator, user=user, kind="driver", driver=driver)
    return 1


def _busiest(operator: Operator) -> Driver | None:
    counts = (
        Session.objects.filter(operator=operator)
        .order_by()
        .values(ref=KT("token_snapshot__driver"))
        .annotate(count=Count("pk"))
        .order_by("-count", "ref")
    )
    own = {
        one.public_id: one
        for one in Driver.objects.filter(
            operator=operator, company=None, status=DriverStatus.ACTIVE,
            tokens__status=TokenStatus.ACTIVE, tokens__expires_at=None,
            account_links__account__status=AccountStatus.ACTIVE,
        )
    }  # fmt: skip
    return next((own[row["ref"]] for row in counts if row["ref"] in own), None)


def _admin(operator: Operator, user: User) -> int:
    """The company with most drivers; its drivers get cost centres."""
    company = (
        Company.objects.filter(operator=operator)
        .annotate(count=Count("drivers"))
        .order_by("-count", "pk")
        .first()
    )
    if company is None:
        return 0
    for at, driver in enumerate(company.drivers.order_by("pk")):
        centre = COST_CENTRES[at % len(COST_CENTRES)]
        Driver.objects.filter(pk=driver.pk).update(cost_centre=centre)
        _resay(operator, driver, {"cost_centre": centre})
    CustomerLogin.objects.create(
        operator=operator, user=user, kind="company_admin", company=company
    )
    return 1


def _resay(operator: Operator, driver: Driver, said: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_RENAME, [json.dumps(said), operator.pk, driver.public_id])
