"""The present state of links and connectors at the end of the demo's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from portal.demo.journal_rows import BRIDGE, STATUS_COLUMNS, JournalRows
from stations.hardware.choices import BootStatus, ConnectorStatus
from stations.hardware.journal_models import CsmsOutage
from stations.hardware.models import Connector, DeviceVariable, StationLink
from stations.simulator.device_model import build
from stations.simulator.settings_v16 import WRITE_ONLY, default_keys
from stations.simulator.specs import EvseSpec, StationSpec

_SAMPLE_S: Final = 60.0
_MUTABILITY: Final = {True: "ReadOnly", False: "ReadWrite"}


def write_links(
    makers: Sequence[JournalRows], latest: Mapping[tuple[int, int], tuple[Any, ...]], now: datetime
) -> None:
    """Links as disconnected by ourselves at ``now``, our outages, and last statuses.

    ``latest``: the last row of the status journal by (station id, EVSE number).
    """
    StationLink.objects.bulk_create([_link(maker, now) for maker in makers])
    CsmsOutage.objects.bulk_create([row for maker in makers for row in _outages(maker)])
    DeviceVariable.objects.bulk_create([row for maker in makers for row in _settings(maker, now)])
    _update_connectors(latest)


def _link(maker: JournalRows, now: datetime) -> StationLink:
    connected = [link for link in maker.links if link.kind == "connected"][-1]
    return StationLink(
        station_id=maker.station_id,
        generation=maker.generation,
        is_connected=False,
        bridge=BRIDGE,
        ocpp_version=maker.version,
        connected_at=connected.happened_at,
        disconnected_at=now,
        last_seen_at=now,
        boot_status=BootStatus.ACCEPTED,
        booted_at=connected.happened_at,
        status=ConnectorStatus.AVAILABLE,
        status_at=connected.happened_at,
    )


def _outages(maker: JournalRows) -> list[CsmsOutage]:
    return [
        CsmsOutage(
            operator_id=maker.operator_id,
            station_id=maker.station_id,
            bridge=BRIDGE,
            generation=generation,
            began_at=began_at,
            ended_at=ended_at,
        )
        for generation, began_at, ended_at in maker.outages()
    ]


def _settings(maker: JournalRows, now: datetime) -> list[DeviceVariable]:
    """Configuration of 1.6 stations and device model of 2.0.1 ones, as last read."""
    station = maker.history.station
    spec = StationSpec(
        identity=station.identity,
        vendor=station.make.vendor,
        model=station.make.model,
        serial_number=station.serial_number,
        evses=tuple(EvseSpec(evse.number, evse.max_power_w, evse.is_dc) for evse in station.evses),
    )
    if maker.version == "1.6":
        return [
            _variable(maker, now, variable=key, value=value, mutability=_MUTABILITY[read_only])
            for key, (value, read_only) in default_keys(spec, _SAMPLE_S).items()
            if key not in WRITE_ONLY
        ]
    return [
        _variable(
            maker,
            now,
            component=item.component,
            variable=item.name,
            evse_number=item.evse,
            connector_number=1 if item.component == "Connector" else 0,
            value=item.value,
            mutability=item.mutability,
        )
        for item in build(spec, station.firmware_version, _SAMPLE_S).values()
        if not item.write_only
    ]


def _variable(maker: JournalRows, now: datetime, **values: Any) -> DeviceVariable:
    return DeviceVariable(
        operator_id=maker.operator_id, station_id=maker.station_id, updated_at=now, **values
    )


def _update_connectors(latest: Mapping[tuple[int, int], tuple[Any, ...]]) -> None:
    changed = []
    for connector in Connector.objects.select_related("evse").filter(
        evse__station_id__in={station_id for station_id, _number in latest}
    ):
        row = latest[connector.evse.station_id, connector.evse.number]
        values = dict(zip(STATUS_COLUMNS.split(), row, strict=True))
        connector.status = values["status"]
        connector.status_raw = values["status_raw"]
        connector.error_code = values["error_code"]
        connector.info = values["info"]
        connector.status_at = values["station_at"]
        connector.status_received_at = values["received_at"]
        changed.append(connector)
    Connector.objects.bulk_update(
        changed,
        ["status", "status_raw", "error_code", "info", "status_at", "status_received_at"],
        batch_size=500,
    )
