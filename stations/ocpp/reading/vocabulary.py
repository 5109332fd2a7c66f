"""Names that OCPP knows, found in their own spelling and in lower case."""

from __future__ import annotations


def _spellings(*names: str) -> dict[str, str]:
    return {name.lower(): name for name in names} | {name: name for name in names}


MEASURANDS = _spellings(
    *(
        f"{kind}.{direction}"
        for kind in ("Current", "Power.Active", "Power.Reactive")
        for direction in ("Import", "Export")
    ),
    "Current.Offered",
    "Current.Export.Offered",
    "Current.Export.Minimum",
    "Current.Import.Offered",
    "Current.Import.Minimum",
    "Display.BatteryEnergyCapacity",
    "Display.ChargingComplete",
    "Display.InletHot",
    "Display.MaximumSOC",
    "Display.MinimumSOC",
    "Display.PresentSOC",
    "Display.RemainingTimeToMaximumSOC",
    "Display.RemainingTimeToMinimumSOC",
    "Display.RemainingTimeToTargetSOC",
    "Display.TargetSOC",
    *(
        f"Energy.{kind}.{direction}.{form}"
        for kind in ("Active", "Reactive")
        for direction in ("Import", "Export")
        for form in ("Register", "Interval")
    ),
    "Energy.Active.Import.CableLoss",
    "Energy.Active.Import.LocalGeneration.Register",
    "Energy.Active.Net",
    "Energy.Active.Setpoint.Interval",
    "Energy.Apparent.Export",
    "Energy.Apparent.Import",
    "Energy.Apparent.Net",
    "Energy.Reactive.Net",
    "EnergyRequest.Bulk",
    "EnergyRequest.Maximum",
    "EnergyRequest.Maximum.V2X",
    "EnergyRequest.Minimum",
    "EnergyRequest.Minimum.V2X",
    "EnergyRequest.Target",
    "Frequency",
    "Power.Active.Residual",
    "Power.Active.Setpoint",
    "Power.Export.Minimum",
    "Power.Export.Offered",
    "Power.Factor",
    "Power.Import.Minimum",
    "Power.Import.Offered",
    "Power.Offered",
    "RPM",
    "SoC",
    "Temperature",
    "Voltage",
    "Voltage.Maximum",
    "Voltage.Minimum",
)

PHASES = _spellings("L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1")

UNITS = _spellings(
    "Wh",
    "kWh",
    "varh",
    "kvarh",
    "VAh",
    "kVAh",
    "W",
    "kW",
    "VA",
    "kVA",
    "var",
    "kvar",
    "A",
    "V",
    "Celsius",
    "Fahrenheit",
    "K",
    "Percent",
    "Hz",
    "RPM",
    "s",
) | {"Celcius": "Celsius", "celcius": "Celsius", "%": "Percent"}
"""1.6 spells ``Celcius``; ``Hz`` and ``%`` are sent though no schema has them."""

STOP_REASONS = _spellings(
    "DeAuthorized",
    "EmergencyStop",
    "EnergyLimitReached",
    "EVDisconnected",
    "GroundFault",
    "HardReset",
    "ImmediateReset",
    "Local",
    "LocalOutOfCredit",
    "MasterPass",
    "Other",
    "OvercurrentFault",
    "PowerLoss",
    "PowerQuality",
    "Reboot",
    "Remote",
    "ReqEnergyTransferRejected",
    "SoftReset",
    "SOCLimitReached",
    "StoppedByEV",
    "TimeLimitReached",
    "Timeout",
    "UnlockCommand",
)
DEFAULT_STOP_REASON = "Local"
"""1.6 section 6.49 and 2.0.1 TransactionType: only Local may be left out."""
