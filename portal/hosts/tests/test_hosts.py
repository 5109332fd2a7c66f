"""Hosts and boards: their sites and nothing else; cards masked, costs only where allowed."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from billing.sellers.models import SiteContract
from core.accounts.models import Membership, Operator, User
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.members.models import Invitation
from core.tenancy.scopes import across_operators
from portal.hosts.masking import masked
from portal.tests.api_world import World, everything, patterns
from portal.tests.test_api_outsiders import METHODS, body_of
from stations.sites.models import Site
from tests.factories.billing import make_seller
from tests.factories.core import make_operator, make_person
from tests.factories.energy import make_energy_cost
from tests.factories.settlement import settlement_rows
from tests.factories.stations import make_limited_member, make_session, make_site, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def site(operator: Operator) -> Site:
    return make_site(operator=operator, name="Brf Eken", city="Lund")


@pytest.fixture
def hanna(operator: Operator, site: Site) -> User:
    return make_limited_member(site, operator=operator, role=Role.HOST, name="Hanna")


def ended(site: Site, token: str) -> None:
    month = timezone.now().astimezone(UTC).replace(day=1, hour=12, minute=0)
    stopped_at = month - timedelta(days=10)
    make_session(
        station=make_station(site=site, name=f"Laddare {site.name}"),
        id_token=token,
        token_snapshot={"driver_name": "Dina Dahl"},
        started_at=stopped_at - timedelta(hours=2),
        stopped_at=stopped_at,
        energy_wh=Decimal(12_500),
        state="ended",
    )


@pytest.mark.parametrize(
    ("token", "shown"),
    [("04A2B3C4", "••••C4"), ("1234", "••••"), ("dina@example.com", "••••"), ("", "")],
)
def test_a_card_shows_its_end_alone(token: str, shown: str) -> None:
    assert masked(token) == shown


def test_a_host_sees_the_own_sites_with_masked_cards(
    client: Client, operator: Operator, site: Site, hanna: User
) -> None:
    ended(site, "04A2B3C4")
    far = make_site(operator=operator, name="Norra torget")
    ended(far, "FEDCBA98")
    make_seller(operator=operator, is_default=True)
    client.force_login(hanna)

    home = client.get("/", follow=True)
    page = client.get(f"/host-sites/{site.public_id}/")
    rows = client.get("/host-sessions/").content.decode()
    found = client.get("/host-sessions/?q=04A2B3C4").content.decode()
    sheet: Any = client.get("/host-sessions/?format=csv")
    csv = b"".join(sheet.streaming_content).decode()
    months = client.get(f"/host-sites/{site.public_id}/?format=csv").content.decode()
    pdf = client.get(f"/host-sites/{site.public_id}/?format=pdf")

    assert home.redirect_chain == [("/host/", 302)]
    texts = [home.content.decode(), page.content.decode(), rows, csv]
    assert all("Brf Eken" in text for text in texts)
    assert not any(
        word in text
        for text in texts
        for word in ("Norra torget", "04A2B3C4", "FEDCBA98", "Dina Dahl", '"/sites/', '"/sessions/')
    )
    assert "••••C4" in rows
    assert "••••C4" in csv
    assert "••••C4" not in found
    assert ",1,12.500" in months
    assert "margin" not in months
    assert pdf.content.startswith(b"%PDF")
    assert client.get(f"/host-sites/{far.public_id}/").status_code == 404


def test_costs_are_shown_when_the_operator_allows_it(
    client: Client, operator: Operator, site: Site, hanna: User
) -> None:
    now = timezone.now()
    make_energy_cost(site, month_on=now.date().replace(day=1), supplier="Skåne Energi")
    address = f"/host-sites/{site.public_id}/"
    client.force_login(hanna)
    before = client.get(address).content.decode()
    refused = client.post(f"/sites/{site.public_id}/hosts/", {"is_shown": "on"})
    anna = Client()
    anna.force_login(make_person(operator=operator, role=Role.ACCOUNTANT))

    anna.post(f"/sites/{site.public_id}/hosts/", {"is_shown": "on", "reason": "Agreed"})

    after = client.get(address).content.decode()
    csv = client.get(f"{address}?format=csv").content.decode()
    assert refused.status_code == 403
    assert "Energy cost and margin" not in before
    assert "Energy cost and margin" in after
    assert ",SEK,1000.000,0,800.00,-800.00" in csv
    with across_operators("the audit tells it"):
        entry = AuditEntry.objects.get(verb="site.show_costs")
    assert (entry.reason, entry.after) == ("Agreed", {"energy_costs_shown": True})


def test_a_host_is_invited_to_a_site_and_never_to_all(
    client: Client, operator: Operator, site: Site
) -> None:
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    form = client.get(f"/invitations/new/?role=host&site={site.public_id}").content.decode()
    values = {"email": "brf@example.com", "role": "host", "language": "sv"}

    without = client.post("/invitations/new/", values)
    client.post("/invitations/new/", values | {"sites": [site.pk]})

    assert f'value="{site.pk}" ' in form.replace(" checked", " ")
    assert without.status_code == 200
    with across_operators("rows of the test"):
        invitation = Invitation.objects.get()
        assert (invitation.role, invitation.is_limited, invitation.places) == (
            "host", True, [site.pk],
        )  # fmt: skip
        person = make_person()
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(operator=operator, user=person, role=Role.HOST)


def test_a_host_reads_its_issued_statements_and_none_of_the_host_before(
    client: Client, operator: Operator
) -> None:
    with across_operators("rows of the test"):
        statement = settlement_rows(operator, "Brf")["statements"]
        site = statement.site
    client.force_login(make_limited_member(site, operator=operator, role=Role.HOST))
    address = f"/host-statements/{statement.public_id}/"

    home = client.get("/host/").content.decode()
    page = client.get(address).content.decode()
    pdf: Any = client.get(f"{address}pdf/")
    api = APIClient()
    api.force_login(make_limited_member(site, operator=operator, role=Role.HOST))
    told = api.get(f"/api/v1/host-statements/{statement.public_id}").json()
    with across_operators("the site changes hands"):
        SiteContract.objects.filter(site=site).update(
            host=make_seller(operator=operator, is_host=True), seller=None, form="not_invoiced"
        )

    assert address in home
    assert "700.00" in page
    assert b"".join(pdf.streaming_content if pdf.streaming else [pdf.content]).startswith(b"%PDF")
    assert [one["amount"] for one in told["lines"]] == ["700.00"]
    assert client.get(address).status_code == 404
    assert address not in client.get("/host-statements/").content.decode()


def test_every_other_endpoint_is_closed_to_a_host_of_the_very_site() -> None:
    world = World()
    client = APIClient()
    client.force_login(
        make_limited_member(world.station.site, operator=world.operator, role=Role.HOST)
    )
    with across_operators("the whole database is compared"):
        before = dict(everything())

    opened = set()
    for pattern in patterns():
        address = world.address(pattern)
        for method in METHODS:
            call = getattr(client, method)
            body = body_of(world, pattern, method)
            answer = call(address) if method == "get" else call(address, body)
            assert b"SECRET" not in answer.content, (method, address)
            if answer.status_code not in (403, 404, 405):
                opened.add((method, str(pattern.name)))

    with across_operators("the whole database is compared"):
        assert dict(everything()) == before
    assert opened == {
        ("get", "api_host_sites"), ("get", "api_host_site"), ("get", "api_host_sessions"),
        ("get", "api_host_statements"),
    }  # fmt: skip
