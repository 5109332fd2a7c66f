"""Stations over a real WebSocket that no remedy heals: from the fault over the technician to the
minutes in the figures of uptime; and a whole site that goes dark."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from core.accounts.models import Membership
from core.accounts.permissions import Role
from core.audit.models import ActorKind
from core.audit.services import Actor, current_actor
from stations.incidents import detecting
from stations.incidents.remedies import running
from stations.maintenance import services
from stations.maintenance.unhealed import order_unhealed
from stations.models import (
    Incident,
    Outage,
    RemedyRun,
    Site,
    Station,
    StationLink,
    UptimeDay,
    UptimeState,
    WorkOrder,
)
from stations.ocpp.tests.charge_point import plug_in
from stations.uptime import rebuilding
from tests.factories.core import make_person
from tests.ocpp.support import PASSWORD, Network, eventually, make_station, query
from tests.ocpp.test_healing import BOOT, broken, incident_of, restart_of, status, status_of

DONE = "Contactor changed"


def after_the_playbook() -> None:
    """The time of the last step has passed, and it did not help."""
    later = timezone.now() + timedelta(minutes=11)
    running.advance_due(now=later)
    RemedyRun.objects.filter(state="running").update(next_at=later)
    running.advance_due(now=later)


def look() -> None:
    detecting.detect_state(now=timezone.now())


def taken_by_tore(station: Station) -> WorkOrder:
    """The order that the system made, on the way; made once however often it is looked for."""
    made = order_unhealed(now=timezone.now())
    assert order_unhealed(now=timezone.now()) == []
    [order] = [one for one in made if one.station_id == station.pk]
    tore = make_person(operator=station.operator, role=Role.TECHNICIAN)
    current_actor.set(Actor(ActorKind.PERSON, tore.email, tore.pk))
    services.change_order(order=order, assignee=Membership.objects.get(user=tore))
    services.set_state(order=order, state="en_route")
    return services.set_state(order=order, state="on_site")


def finished(order: WorkOrder) -> None:
    services.set_state(order=order, state="repaired", text=DONE)
    services.set_state(order=order, state="verified")
    services.set_state(order=order, state="closed")


def figures(station: Station) -> tuple[Outage, int]:
    """The outage of the EVSE, and the milliseconds down in its days."""
    state, _made = UptimeState.objects.get_or_create(station=station, operator=station.operator)
    rebuilding.rebuild(state=state, now=timezone.now())
    days = UptimeDay.objects.filter(station=station, evse__number=1)
    return Outage.objects.get(station=station, kind="faulted"), sum(one.down_ms for one in days)


async def test_what_no_remedy_heals_becomes_an_order_and_the_minutes_are_in_the_figures(
    network: Network,
) -> None:
    cp = await broken(network)
    station = network.station
    for _n in range(2):
        await query(look)
        await query(lambda: running.start_due(now=timezone.now()))
    await query(lambda: running.advance_due(now=timezone.now()))
    await cp.answer(await restart_of(cp), {"status": "Accepted"})
    await cp.close()
    cp = await network.connected()
    await cp.ask("BootNotification", BOOT)
    await cp.ask("StatusNotification", status(1, "Faulted", "InternalError"))
    await query(after_the_playbook)
    run = await query(lambda: RemedyRun.objects.get(station=station))
    assert (run.state, run.why) == ("failed", "exhausted")

    order = await query(lambda: taken_by_tore(station))
    assert (order.source, order.priority) == ("incident", "P2")
    await cp.ask("StatusNotification", status(1, "Available"))
    await eventually(lambda: status_of(station, 1), lambda word: word == "available")
    await query(look)
    await query(lambda: finished(order))

    incident = await query(lambda: incident_of(station))
    assert (incident.state, incident.resolution) == ("resolved", "work_order")
    outage, down_ms = await query(lambda: figures(station))
    assert outage.error_code == "InternalError"
    assert outage.began_at == incident.first_symptom_at
    assert outage.ended_at is not None
    assert outage.ended_at <= (incident.restored_at or outage.began_at)
    assert down_ms == (outage.ended_at - outage.began_at) // timedelta(milliseconds=1) > 0
    await cp.close()


def dark_site(network: Network) -> list[Station]:
    site = Site.objects.create(operator=network.operator, name="Hamnen", public_id="si_dark")
    return [make_station(network.operator, site) for _n in range(3)]


def live_at(station: Station) -> list[tuple[str, str | None]]:
    rows = Incident.objects.filter(site=station.site, state__in=["open", "acknowledged"])
    return sorted(rows.values_list("kind", "parent__kind"), key=str)


def look_after(minutes: int) -> None:
    detecting.detect_state(now=timezone.now() + timedelta(minutes=minutes))


async def test_a_site_that_goes_dark_is_one_incident_and_its_return_closes_it(
    network: Network,
) -> None:
    stations = await query(lambda: dark_site(network))
    sockets = [await plug_in(network.url, one.identity, PASSWORD, "ocpp1.6") for one in stations]
    links = StationLink.objects.filter(station__in=stations)
    await eventually(lambda: links.filter(is_connected=True).count(), lambda n: n == 3)
    await query(look)
    assert await query(lambda: live_at(stations[0])) == []

    for socket in sockets:
        await socket.close()
    await eventually(lambda: links.filter(is_connected=True).count(), lambda n: n == 0)
    await query(lambda: look_after(3))
    assert await query(lambda: live_at(stations[0])) == [("site_dark", None)]
    await query(lambda: look_after(20))
    assert await query(lambda: live_at(stations[0])) == [
        *[("offline", "site_dark")] * 3, ("site_dark", None)
    ]  # fmt: skip
    dark = await query(lambda: Incident.objects.get(site=stations[0].site, kind="site_dark"))
    assert (dark.severity, dark.facts["likely"], dark.facts["stations"]) == (
        "p1", "network_or_power", 3
    )  # fmt: skip

    sockets = [await plug_in(network.url, one.identity, PASSWORD, "ocpp1.6") for one in stations]
    await eventually(lambda: links.filter(is_connected=True).count(), lambda n: n == 3)
    await query(lambda: look_after(21))
    assert await query(lambda: live_at(stations[0])) == []
    for socket in sockets:
        await socket.close()
