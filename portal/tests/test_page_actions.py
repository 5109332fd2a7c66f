"""What people do on pages: create, change, send, close. All of it works without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Operator, User
from core.accounts.permissions import Role
from core.audit.models import AuditEntry
from core.tenancy.scopes import across_operators
from customers.tokens.models import IdToken
from stations.commands.models import Command, CommandState
from stations.hardware.models import Connector, Evse, Station, StationLink
from stations.ocpp.models import Knock
from stations.sessions.models import Session
from stations.sites.models import Site
from tests.factories.core import make_operator, make_person
from tests.factories.customers import make_token
from tests.factories.stations import make_evse, make_session, make_site, make_station

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>{{ 7 }}"


@pytest.fixture
def operator() -> Operator:
    return make_operator()


@pytest.fixture
def olga(client: Client, operator: Operator) -> User:
    person = make_person(operator=operator, role=Role.CONTROL_ROOM, name="Olga")
    client.force_login(person)
    return person


def rows(model: Any) -> Any:
    with across_operators("the test looks at all of them"):
        return list(model.objects.order_by("pk"))


def audit() -> list[str]:
    return [entry.verb for entry in rows(AuditEntry)]


@pytest.mark.usefixtures("olga")
def test_a_site_is_created_changed_and_retired(client: Client) -> None:
    values = {"name": "Kiruna", "country_code": "se", "time_zone": "Europe/Stockholm"}
    half = client.post("/sites/new/", values | {"latitude": "67.85"})
    assert b"Give both latitude and longitude" in half.content

    client.post("/sites/new/", values | {"latitude": "67.85", "longitude": "20.22"})
    (site,) = rows(Site)
    client.post(f"/sites/{site.public_id}/edit/", values | {"name": "Kiruna C"})
    client.post(f"/sites/{site.public_id}/retire/", {"reason": "moved"})

    (site,) = rows(Site)
    assert (site.name, site.country_code, site.retired_on is None) == ("Kiruna C", "SE", False)
    assert audit() == ["site.create", "site.change", "site.change"]


@pytest.mark.usefixtures("olga")
def test_a_station_is_changed_put_hands_off_and_retired(client: Client, operator: Operator) -> None:
    station = make_station(operator=operator)
    base = f"/stations/{station.public_id}"
    form = {"site": station.site_id, "identity": station.identity, "security_profile": 1}

    client.post(f"{base}/edit/", form | {"name": HOSTILE})
    client.post(f"{base}/hands-off/", {"hands_off": "1"})
    assert client.post(f"{base}/retire/", {}).status_code == 200  # a reason is needed
    client.post(f"{base}/retire/", {"reason": "broken"})

    (station,) = rows(Station)
    assert (station.name, station.hands_off) == (HOSTILE, True)
    assert station.retired_on is not None
    assert audit() == ["station.change"] * 3
    page = client.get(f"{base}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in page


@pytest.mark.usefixtures("olga")
def test_an_evse_is_added_and_one_that_the_station_reported_is_confirmed(
    client: Client, operator: Operator
) -> None:
    station = make_station(operator=operator)
    base = f"/stations/{station.public_id}/evses"
    reported = make_evse(station=station, number=2, public_id=None, is_confirmed=False)
    values = {"current_type": "DC", "phases": 3, "max_power_w": 150_000}

    chademo = {"connector_1": "CHADEMO"}
    identity = client.post(f"{base}/2/edit/", values | {"public_id": "CP-1"} | chademo)
    assert b"not the socket identity" in identity.content
    client.post(f"{base}/2/edit/", values | {"public_id": "SE*ABC*E99*2"} | chademo)
    client.post(f"{base}/new/", values | {"number": 3})

    evses = {evse.number: evse for evse in rows(Evse)}
    assert (evses[2].pk, evses[2].is_confirmed) == (reported.pk, True)
    assert (evses[2].public_id, evses[2].max_power_w) == ("SE*ABC*E99*2", 150_000)
    assert evses[3].current_type == "DC"
    assert [c.connector_type for c in rows(Connector)] == ["UNKNOWN", "CHADEMO", "UNKNOWN"]


@pytest.mark.usefixtures("olga")
def test_a_station_that_knocked_is_added_from_the_list_or_forgotten(
    client: Client, operator: Operator
) -> None:
    make_site(operator=operator)
    knock = Knock.objects.create(identity="NEW/&?1", reason="unknown_station")

    page = client.get("/knocks/").content.decode()
    assert "/stations/new/?identity=NEW%2F%26%3F1" in page
    form = client.get("/stations/new/", {"identity": knock.identity}).content.decode()
    assert 'value="NEW/&amp;?1"' in form

    client.post(f"/knocks/{knock.pk}/forget/")
    assert "NEW/" not in client.get("/knocks/").content.decode()
    assert audit() == ["knock.forget"]


@pytest.mark.usefixtures("olga")
def test_a_dangerous_command_needs_a_reason_and_becomes_a_row(
    client: Client, operator: Operator
) -> None:
    station = make_station(operator=operator)
    url = f"/stations/{station.public_id}/commands/reset/"
    page = client.get(url).content.decode()
    assert "The station restarts" in page

    refused = client.post(url, {"type": "soft"})
    assert refused.status_code == 200
    assert rows(Command) == []

    answer = client.post(url, {"type": "soft", "reason": "hangs"})
    (command,) = rows(Command)
    assert answer["Location"] == f"/commands/{command.public_id}/"
    assert (command.action, command.payload) == ("Reset", {"type": "Soft"})
    assert (command.reason, command.state) == ("hangs", CommandState.QUEUED)


@pytest.mark.usefixtures("olga")
def test_commands_of_a_station_that_is_away_say_why_and_may_wait(
    client: Client, operator: Operator
) -> None:
    station = make_station(operator=operator, is_connected=False)
    base = f"/stations/{station.public_id}/commands/"

    menu = client.get(base).content.decode()
    assert "The station is not connected." in menu
    assert 'disabled aria-describedby="why-not"' in menu  # the start of charging

    client.post(f"{base}clear_cache/", {})
    client.post(f"{base}clear_cache/", {"queue_if_offline": "on"})
    client.post(f"{base}remote_start/", {"id_token": "CAFE", "queue_if_offline": "on"})
    states = [command.state for command in rows(Command)]
    assert states == ["refused_offline", "queued", "refused_offline"]


@pytest.mark.usefixtures("olga")
def test_a_station_that_never_connected_has_no_commands(client: Client, operator: Operator) -> None:
    station = make_station(operator=operator, is_connected=False, ocpp_version="")

    page = client.get(f"/stations/{station.public_id}/commands/").content.decode()

    assert "never connected" in page
    assert client.get(f"/stations/{station.public_id}/commands/reset/").status_code == 404


@pytest.mark.usefixtures("olga")
def test_any_message_is_checked_against_the_schema(client: Client, operator: Operator) -> None:
    station = make_station(operator=operator, ocpp_version="2.0.1")
    url = f"/stations/{station.public_id}/commands/raw/"

    wrong = client.post(url, {"action": "Reset", "payload": '{"type": 7}', "reason": "x"})
    broken = client.post(url, {"action": "Reset", "payload": "{", "reason": "x"})
    good = client.post(url, {"action": "Reset", "payload": '{"type": "Immediate"}', "reason": "x"})

    assert (wrong.status_code, broken.status_code, good.status_code) == (200, 200, 302)
    assert b"This is no JSON" in broken.content
    assert [c.payload for c in rows(Command)] == [{"type": "Immediate"}]


def test_support_sees_everyday_commands_only(client: Client, operator: Operator) -> None:
    client.force_login(make_person(operator=operator, role=Role.SUPPORT))
    station = make_station(operator=operator)
    base = f"/stations/{station.public_id}/commands"

    menu = client.get(f"{base}/").content.decode()

    assert f"{base}/trigger_message/" in menu
    assert f"{base}/reset/" not in menu
    assert client.post(f"{base}/reset/", {"type": "soft", "reason": "x"}).status_code == 403
    assert rows(Command) == []


@pytest.mark.usefixtures("olga")
def test_one_command_to_many_stations_shows_each_result(client: Client, operator: Operator) -> None:
    stations = [make_station(operator=operator) for _n in range(3)]
    away = make_station(operator=operator, is_connected=False)
    foreign = make_station()
    ids = [s.public_id for s in (*stations, away)]
    values = {"command": "reset", "parameters": '{"type": "soft"}', "stations": ids}

    assert client.post("/commands/new/", values).status_code == 200  # no reason given
    assert (
        client.post(
            "/commands/new/", values | {"reason": "x", "stations": [foreign.public_id]}
        ).status_code
        == 200
    )
    assert rows(Command) == []
    answer = client.post("/commands/new/", values | {"reason": "update"})

    sent = rows(Command)
    assert sorted(c.state for c in sent) == ["queued", "queued", "queued", "refused_offline"]
    page = client.get(answer["Location"]).content.decode()
    assert "1 of 4 finished" in page


@pytest.mark.usefixtures("olga")
def test_a_session_is_stopped_by_command_or_closed_by_hand(
    client: Client, operator: Operator
) -> None:
    session = make_session(station=make_station(operator=operator), ocpp_transaction_id="77")
    base = f"/sessions/{session.public_id}"

    client.post(f"{base}/stop/", {"reason": "driver called"})
    client.post(f"{base}/close/", {"reason": "station was scrapped"})

    (command,) = rows(Command)
    assert (command.action, command.payload) == ("RemoteStopTransaction", {"transactionId": 77})
    (closed,) = rows(Session)
    assert (closed.state, closed.is_held) == ("end_missing", True)
    again = client.post(f"{base}/close/", {"reason": "x"})
    assert b"The session has ended already." in again.content


@pytest.mark.usefixtures("olga")
def test_a_token_is_created_changed_blocked_and_deleted(client: Client, operator: Operator) -> None:
    site = make_site(operator=operator)
    form = {"uid": "04:a1:b2:c3", "kind": "rfid", "purpose": "service", "status": "active"}
    client.post("/tokens/new/", form | {"allowed_sites": [site.pk], "label": "Tore"})
    (token,) = rows(IdToken)
    assert (token.uid, token.purpose) == ("04A1B2C3", "service")
    assert b"There is a token with this UID." in client.post("/tokens/new/", form).content

    client.post(f"/tokens/{token.pk}/edit/", form | {"label": "Tore 2"})
    client.post(f"/tokens/{token.pk}/block/", {"reason": "lost"})

    (token,) = rows(IdToken)
    assert (token.label, token.status) == ("Tore 2", "blocked")
    page = client.get(f"/tokens/{token.pk}/").content.decode()
    assert "lost" in page
    client.post(f"/tokens/{token.pk}/delete/", {"reason": "never used"})
    assert rows(IdToken) == []


def test_people_choose_language_theme_and_zone(
    client: Client, olga: User, operator: Operator
) -> None:
    client.post("/me/language/", {"language": "sv", "next": "/me/"})
    client.post("/me/theme/", {"theme": "dark"})
    client.post("/me/time-zone/", {"time_zone": "Europe/Helsinki"})
    client.post("/me/time-zone/", {"time_zone": "Mars/Olympus"})
    away = client.post("/me/theme/", {"theme": "neon", "next": "https://evil.example/"})

    olga.refresh_from_db()
    assert (olga.language, olga.theme, olga.time_zone) == ("sv", "dark", "Europe/Helsinki")
    assert away["Location"] == "/"
    page = client.get("/me/").content.decode()
    assert '<html lang="sv" data-bs-theme="dark">' in page


def test_a_guest_keeps_language_and_theme_in_cookies(client: Client) -> None:
    client.post("/me/language/", {"language": "sv"})
    client.post("/me/theme/", {"theme": "dark"})

    page = client.get("/accounts/login/").content.decode()

    assert '<html lang="sv" data-bs-theme="dark">' in page


def test_a_member_of_two_operators_switches_between_them(client: Client) -> None:
    first, second, foreign = make_operator(), make_operator(), make_operator()
    person = make_person(operator=first)
    with across_operators("tests make rows of any operator"):
        person.memberships.create(operator=second, role=Role.OWNER)
    make_station(operator=second, name="Only in the second")
    client.force_login(person)

    refused = client.post("/me/operator/", {"operator": foreign.pk})
    client.post("/me/operator/", {"operator": second.pk})

    assert refused.status_code == 403
    assert b"Only in the second" in client.get("/stations/").content


@pytest.mark.usefixtures("olga")
def test_the_tiles_count_what_their_lists_show(client: Client, operator: Operator) -> None:
    running = make_station(operator=operator, evses=2)
    make_session(station=running, power_w=11_000, is_held=True)
    away = make_station(operator=operator, is_connected=False)
    StationLink.objects.filter(station=running).update(last_seen_at=None)

    tiles = client.get("/home/tiles/").content.decode()

    for query, count in {
        "/sessions/?state=active": 1,
        "/evses/?status=unknown": 3,
        "/stations/?connection=offline": 1,
        "/sessions/?held=true": 1,
    }.items():
        assert query in tiles
        assert f"{count} found" in client.get(query).content.decode(), query
    assert "11.0\N{NO-BREAK SPACE}kW" in tiles
    assert away.name in client.get("/stations/?connection=offline").content.decode()


@pytest.mark.usefixtures("olga")
def test_the_search_goes_straight_to_the_only_hit(client: Client, operator: Operator) -> None:
    station = make_station(operator=operator, name="Visby 4", serial_number="SN-9")
    make_station(operator=operator, name="Visby 5")
    token = make_token(operator=operator, uid="04A1B2C3")

    one = client.get("/search/", {"q": "SN-9"})
    card = client.get("/search/", {"q": "04:a1:b2:c3"})
    both = client.get("/search/", {"q": "visby"}).content.decode()
    none = client.get("/search/", {"q": HOSTILE}).content.decode()

    assert one["Location"] == f"/stations/{station.public_id}/"
    assert card["Location"] == f"/tokens/{token.pk}/"
    assert "Visby 4" in both
    assert "Visby 5" in both
    assert "Nothing was found" in none
    assert "<script>alert" not in none


@pytest.mark.usefixtures("olga")
def test_map_and_list_are_filtered_by_status_together(client: Client, operator: Operator) -> None:
    away = make_site(operator=operator, name="Borta", latitude=59, longitude=18)
    here = make_site(operator=operator, name="Hemma", latitude=58, longitude=17)
    make_station(site=away, is_connected=False)
    make_station(site=here)

    every = client.get("/").content.decode()
    offline = client.get("/home/places/?state=offline").content.decode()
    none = client.get("/home/places/?state=faulted").content.decode()

    assert "?state=offline#map-title" in every
    assert "Borta" in offline
    assert "Hemma" not in offline
    assert 'data-live-url="/home/places/?state=offline"' in offline
    assert "Borta" in none
    assert "Hemma" in none
