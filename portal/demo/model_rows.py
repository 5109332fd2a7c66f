"""Writing the demo's model catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from core.accounts.models import Operator
from portal.demo.catalogue import MAKES, Make
from stations.hardware.catalogue.models import HardwareModel, ModelQuirk
from stations.hardware.choices import CurrentType
from stations.hardware.models import Station


def write_models(operator: Operator) -> dict[str, int]:
    """One row a make; keys by the name of the model. One old firmware has a quirk."""
    rows = HardwareModel.objects.bulk_create(
        [_model(operator, key, make) for key, make in MAKES.items()]
    )
    by_name = {row.model: row.pk for row in rows}
    ModelQuirk.objects.create(
        operator=operator,
        hardware_model_id=by_name[MAKES["fast50"].model],
        name="energy_without_unit_is_kwh",
        value=True,
        firmware="<2.2.10",
        note="Seen in MeterValues of 2.2.8; mended in 2.2.10",
    )
    return by_name


def _model(operator: Operator, key: str, make: Make) -> HardwareModel:
    return HardwareModel(
        operator=operator,
        public_id=f"hm_{operator.slug[:8]}{key}",
        vendor=make.vendor,
        model=make.model,
        ocpp_version=make.ocpp_version,
        newest_firmware=max(make.firmwares),
        evses=[
            {
                "max_power_w": socket.max_power_w,
                "current_type": CurrentType.DC if make.dc else CurrentType.AC_3_PHASE,
                "phases": 3,
                "connectors": [
                    {"connector_type": kind, "is_tethered": make.dc}
                    for kind in socket.connector_types
                ],
            }
            for socket in make.sockets
        ],
    )


def match(stations: Iterable[Station], models: dict[str, int]) -> None:
    """Say which model each new station is, as the task would find out."""
    for station in stations:
        station.hardware_model_id = models.get(station.model)
        names = (station.vendor, station.model, station.firmware_version)
        station.matched_as = "|".join(names)
