"""Attribution over the database: as of the start, in a fixed number of queries, explained."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from billing.accounts.fee_services import create_fee
from billing.accounts.models import BillingAccount
from billing.rating.attribution import attributor
from billing.rating.models import RatedSession
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion
from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.errors import InvalidInput
from core.ids import public_id
from core.sentences import read_sentence
from core.tenancy.scopes import across_operators, operator_scope
from customers.companies.models import CompanyAccount
from customers.drivers.models import DriverAccount
from stations.sessions.models import Session
from tests.factories import tariffs
from tests.factories.api import api_client
from tests.factories.billing import make_account, make_membership, make_price_group
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_company, make_driver, make_token
from tests.factories.rating import make_ended, rate_all, stored
from tests.factories.stations import make_session, make_station

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SPRING = datetime(2026, 3, 1, tzinfo=UTC)


def make_tariff(operator: Operator, name: str, **place: Any) -> TariffVersion:
    """A published version since the first of March, assigned since then."""
    with across_operators("tests make rows of any operator"):
        tariff = Tariff.objects.create(
            operator=operator, public_id=public_id("tar"), name=name, currency="SEK"
        )
        version: TariffVersion = TariffVersion.objects.create(
            operator=operator, tariff=tariff, number=1, state="published", document={},
            digest="0" * 64, takes_effect_at=SPRING, published_at=SPRING,
        )  # fmt: skip
        TariffAssignment.objects.create(
            operator=operator, tariff=tariff, public_id=public_id("tas"),
            **{"valid_from_at": SPRING} | place,
        )  # fmt: skip
    return version


class Town:
    """A driver of a company in a price group, and prices for everyone and for the group."""

    def __init__(self) -> None:
        self.operator = make_operator()
        self.station = make_station(operator=self.operator)
        self.company = make_company(operator=self.operator, name="Linden")
        self.driver = make_driver(operator=self.operator, name="Dina", company=self.company)
        self.token = make_token(operator=self.operator, uid="CAFE01", driver=self.driver)
        self.account = make_account(operator=self.operator, name="Linden AB")
        self.group = make_price_group(operator=self.operator, name="Residents")
        make_membership(self.account, self.group, valid_from_on=date(2026, 5, 1))
        with operator_scope(self.operator):
            CompanyAccount.objects.create(
                operator=self.operator, owner=self.company, account=self.account,
                valid_from_on=date(2026, 4, 1),
            )  # fmt: skip
        self.everyone = make_tariff(self.operator, "Everyone")
        self.residents = make_tariff(self.operator, "Residents", price_group=self.group)

    def session(self, at: datetime, **fields: Any) -> Session:
        return make_session(station=self.station, started_at=at, state="ended", **fields)

    def attributed(self, *sessions: Session) -> list[Any]:
        with operator_scope(self.operator):
            rows = Session.objects.select_related("station__site", "evse").in_bulk(
                [session.pk for session in sessions]
            )
            found = attributor().attribute(list(rows.values()), operator=self.operator)
        return [found[session.pk] for session in sessions]


@pytest.fixture
def town() -> Town:
    return Town()


def test_account_group_and_tariff_are_those_of_the_start(town: Town) -> None:
    # 30 April 23:59 and 1 May 00:00 in Stockholm, and before anybody paid.
    at = [
        datetime(2026, 3, 31, 12, tzinfo=UTC),
        datetime(2026, 4, 30, 21, 59, tzinfo=UTC),
        datetime(2026, 4, 30, 22, 0, tzinfo=UTC),
    ]
    nobody, april, may = town.attributed(*(town.session(one, id_token="cafe01") for one in at))

    assert (nobody.account_id, nobody.tariff_version_id) == (None, town.everyone.pk)
    assert (april.account_id, april.price_group_id, april.tariff_version_id) == (
        town.account.pk, None, town.everyone.pk,
    )  # fmt: skip
    assert (may.account_id, may.price_group_id, may.tariff_version_id) == (
        town.account.pk, town.group.pk, town.residents.pk,
    )  # fmt: skip
    assert str(may.why[0]) == "Token cafe01 is the driver Dina's."
    assert "On 2026-05-01, Linden AB is in the price group Residents." in map(str, may.why)


def test_a_price_that_is_raised_in_a_session_counts_from_the_next_one(town: Town) -> None:
    noon = datetime(2026, 6, 15, 10, tzinfo=UTC)
    raised = tariffs.make_tariff(operator=town.operator)
    tariffs.make_version(raised, tariffs.energy_document(4))
    tariffs.make_version(raised, tariffs.energy_document(5), start=noon, version=2)
    tariffs.make_assignment(raised, station=town.station)
    sessions = [
        make_ended(
            station=town.station, id_token="CAFE01", started_at=at, stopped_at=at + HOUR,
            intervals=stored([(0, 0), (60, 10_000)], began=at),
        )
        for at in (noon - timedelta(minutes=10), noon)
    ]  # fmt: skip

    rate_all()

    with across_operators("a test reads"):
        rated = RatedSession.objects.filter(session__in=sessions).order_by("started_at")
        found = list(rated.values_list("gross", "tariff_version__number"))
    assert found == [(Decimal(40), 1), (Decimal(50), 2)]


def test_the_owner_of_the_start_pays_whoever_has_the_token_now(town: Town) -> None:
    other = make_driver(operator=town.operator, name="Other")
    own = make_account(operator=town.operator, name="Other's own")
    with operator_scope(town.operator):
        DriverAccount.objects.create(operator=town.operator, owner=other, account=own)
        town.token.driver = other
        town.token.save()
    at = datetime(2026, 6, 1, tzinfo=UTC)
    then = {"purpose": "customer", "driver": town.driver.public_id,
            "company": town.company.public_id}  # fmt: skip

    kept, late = town.attributed(
        town.session(at, id_token="CAFE01", token_snapshot=then),
        town.session(at, id_token="CAFE01"),
    )

    assert kept.account_id == town.account.pk
    assert late.account_id == own.pk


@pytest.mark.parametrize(
    ("fields", "is_free", "has_tariff"),
    [
        ({"id_token": ""}, False, True),
        ({"id_token": "STRANGER"}, False, True),
        ({"id_token": "SERVICE"}, True, False),
        ({"id_token": "GONE", "token_snapshot": {"purpose": "test"}}, True, False),
    ],
)
def test_without_an_account(
    town: Town, fields: dict[str, Any], is_free: bool, has_tariff: bool
) -> None:
    make_token(operator=town.operator, uid="SERVICE", purpose="service", driver=town.driver)

    (found,) = town.attributed(town.session(datetime(2026, 6, 1, tzinfo=UTC), **fields))

    assert (found.account_id, found.is_free) == (None, is_free)
    assert found.tariff_version_id == (town.everyone.pk if has_tariff else None)


def test_many_sessions_take_as_many_queries_as_one(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    one = [town.session(at, id_token="CAFE01")]
    many = [
        town.session(at + timedelta(minutes=n), id_token=token.uid)
        for n in range(12)
        for token in [make_token(operator=town.operator, driver=make_driver(
            operator=town.operator, company=make_company(operator=town.operator)))]
    ]  # fmt: skip
    with operator_scope(town.operator):
        for sessions in (one, one + many):
            rows = list(
                Session.objects.select_related("station__site", "evse").filter(
                    pk__in=[session.pk for session in sessions]
                )
            )
            with django_assert_num_queries(9):
                attributor().attribute(rows, operator=town.operator)


def test_a_member_asks_before_the_fact_and_reads_why_after_it(client: Client, town: Town) -> None:
    client.force_login(make_person(operator=town.operator, role=Role.SUPPORT))
    session = town.session(datetime(2026, 6, 1, tzinfo=UTC), id_token="CAFE01")
    question = {
        "station": town.station.identity,
        "account": "linden ab",
        "at": "2027-01-01T12:00:00",
    }

    before = client.get("/why-tariff/", question).content.decode()
    after = client.get(f"/sessions/{session.public_id}/payer/").content.decode()
    page = client.get(f"/sessions/{session.public_id}/").content.decode()
    people = client.get(f"/billing-accounts/{town.account.public_id}/people/").content.decode()
    wrong = client.get("/why-tariff/", question | {"token": "CAFE01", "evse": "77"})

    assert "On 2027-01-01, Linden AB is in the price group Residents." in before
    assert "On 2026-06-01, Linden AB pays for the company Linden." in after
    assert "Residents" in page
    assert "Linden" in people
    assert "Name a token or an account, not both." in wrong.content.decode()
    assert "The station has no EVSE with this number." in wrong.content.decode()


def test_the_api_tells_the_same(town: Town) -> None:
    client = api_client(town.operator)
    url = f"/api/v1/stations/{town.station.identity}/attribution"

    found = client.get(url, {"token": "cafe01", "at": "2026-06-01T12:00:00Z"}).json()
    session = town.session(datetime(2026, 6, 1, 12, tzinfo=UTC), id_token="cafe01")
    after = client.get(f"/api/v1/sessions/{session.public_id}/attribution").json()
    wrong = client.get(url, {"account": "nobody"})

    assert found["account"] == town.account.public_id
    assert (found["tariff_name"], found["tariff_version"]) == ("Residents", 1)
    assert after == found
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "account")


def test_a_fee_names_a_token_or_driver_that_is_there(town: Town) -> None:
    with operator_scope(town.operator):
        account = BillingAccount.objects.get(pk=town.account.pk)
        terms: dict[str, Any] = {
            "kind": "card",
            "name": "Card",
            "amount": 49,
            "starts_on": date(2026, 1, 1),
        }

        fee = create_fee(account=account, **terms, subject_kind="token", subject_ref="cafe01")
        other = create_fee(account=account, **terms, subject_kind="driver", subject_ref="dina")
        with pytest.raises(InvalidInput, match="Nothing"):
            create_fee(account=account, **terms, subject_kind="token", subject_ref="NONE")

    assert (fee.subject_ref, other.subject_ref) == ("CAFE01", town.driver.public_id)


def test_reasons_are_said_in_the_language_of_the_reader(town: Town) -> None:
    at = datetime(2026, 4, 30, 22, 0, tzinfo=UTC)
    (may,) = town.attributed(town.session(at, id_token="cafe01"))
    kept = [read_sentence(one.as_json()) for one in may.why]

    with translation.override("sv"):
        said = [str(one) for one in kept]

    assert [str(one) for one in kept] == [str(one) for one in may.why]
    assert said[0] == "Laddbrickan cafe01 hör till föraren Dina."
    assert "the whole network" not in " ".join(said)
