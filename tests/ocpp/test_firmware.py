"""A campaign and a log over a real WebSocket: a canary that fails, one that is installed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from core.files import store
from core.models import Operator
from stations.firmware import campaigns, log_following, logs, working
from stations.models import Campaign, CampaignStation, Connector, HardwareModel, Station, StationLog
from stations.ocpp.tests.charge_point import RawChargePoint
from tests.factories.firmware import make_image
from tests.ocpp.support import Network, eventually, query


def boot(version: str) -> dict[str, Any]:
    return {"chargePointVendor": "V", "chargePointModel": "M", "firmwareVersion": version}


async def asked(cp: RawChargePoint, action: str) -> list[Any]:
    """Our call of this action; what the bridge asks by itself is answered meanwhile."""
    while True:
        frame: list[Any] = await cp.next_call(30)
        if frame[2] == action:
            return frame
        await cp.answer(frame, {"status": "Rejected"})


def turn() -> None:
    now = timezone.now()
    working.follow_due(now=now)
    working.judge_due(now=now)
    working.send_due(now=now)


def begin(operator: Operator, station: Station, version: str) -> Campaign:
    """A campaign over the test's station alone."""
    model = station.hardware_model or HardwareModel.objects.create(
        operator=operator, public_id=f"hm_{station.pk}", vendor="V", model=f"M{station.pk}"
    )
    Station.objects.filter(pk=station.pk).update(hardware_model=model)
    station.refresh_from_db()
    Connector.objects.filter(evse__station=station).update(status="available")
    image = make_image(operator, hardware_model=model, version=version)
    return campaigns.start_campaign(
        image=image, name=version, plan=campaigns.Plan(pause_minutes=0), reason="Fixes"
    )


def standing(campaign: Campaign) -> tuple[str, str, str]:
    turn()
    campaign.refresh_from_db()
    target = CampaignStation.objects.get(campaign=campaign)
    return campaign.state, target.state, target.word


async def test_a_canary_that_fails_halts_and_another_is_installed(network: Network) -> None:
    network.station = await network.another(hands_off=False)
    cp = await network.connected()
    await cp.ask("BootNotification", boot("1.0"))

    lost = await query(lambda: begin(network.operator, network.station, "1.1"))
    await query(turn)
    frame = await asked(cp, "UpdateFirmware")
    await cp.answer(frame, {})
    await cp.ask("FirmwareStatusNotification", {"status": "DownloadFailed"})
    halted = await eventually(lambda: standing(lost), lambda s: s[0] == "halted", 30)

    good = await query(lambda: begin(network.operator, network.station, "2.0"))
    await query(turn)
    frame = await asked(cp, "UpdateFirmware")
    await cp.answer(frame, {})
    for word in ("Downloading", "Downloaded", "Installing", "Installed"):
        await cp.ask("FirmwareStatusNotification", {"status": word})
    told = await query(lambda: standing(good))
    await cp.close()
    cp = await network.connected()
    await cp.ask("BootNotification", boot("2.0"))
    done = await eventually(lambda: standing(good), lambda s: s[0] == "done", 30)

    assert halted == ("halted", "failed", "DownloadFailed")
    assert frame[3]["location"] == "https://vendor.example/2.0.bin"
    assert told == ("running", "installing", "Installed")
    assert done == ("done", "installed", "Installed")
    await cp.close()


async def test_a_log_is_asked_for_sent_and_kept(network: Network) -> None:
    network.station = await network.another(hands_off=False)
    cp = await network.connected()
    log = await query(
        lambda: logs.ask_for_log(station=network.station, kind="diagnostics", reason="A fault")
    )
    frame = await asked(cp, "GetDiagnostics")
    await cp.answer(frame, {"fileName": "boot.log"})
    await cp.ask("DiagnosticsStatusNotification", {"status": "Uploading"})

    def state() -> str:
        log_following.follow_logs(now=timezone.now())
        return str(StationLog.objects.get(pk=log.pk).state)

    before = await eventually(state, lambda word: word == "uploading", 30)
    path = f"{urlsplit(frame[3]['location']).path}/boot.log"
    sent = await query(lambda: Client().put(path, b"line\n", content_type="text/plain"))
    kept = await query(lambda: StationLog.objects.get(pk=log.pk))
    journal = await network.frames(action="GetDiagnostics")

    assert (before, sent.status_code, kept.state) == ("uploading", 201, "received")
    assert store.load(kept.path) == b"line\n"
    assert path.split("/")[3] not in journal[0].request
    await cp.close()
