"""The configuration keys of a simulated 1.6 station (OCPP 1.6 §9)."""

from __future__ import annotations

from stations.simulator.specs import StationSpec

PROFILES = "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger"

NUMBERS = frozenset(
    {
        "BlinkRepeat",
        "ClockAlignedDataInterval",
        "ConnectionTimeOut",
        "HeartbeatInterval",
        "LightIntensity",
        "MeterValueSampleInterval",
        "MinimumStatusDuration",
        "ResetRetries",
        "TransactionMessageAttempts",
        "TransactionMessageRetryInterval",
        "WebSocketPingInterval",
    }
)
"""Keys whose value must be a whole number of 0 or more."""

FLAGS = frozenset(
    {
        "AllowOfflineTxForUnknownId",
        "AuthorizationCacheEnabled",
        "AuthorizeRemoteTxRequests",
        "LocalAuthListEnabled",
        "LocalAuthorizeOffline",
        "LocalPreAuthorize",
        "StopTransactionOnEVSideDisconnect",
        "StopTransactionOnInvalidId",
        "UnlockConnectorOnEVSideDisconnect",
    }
)
"""Keys whose value must be true or false."""

NEEDS_REBOOT = frozenset({"AuthorizationKey", "WebSocketPingInterval"})
WRITE_ONLY = frozenset({"AuthorizationKey"})


def default_keys(spec: StationSpec, sample_s: float) -> dict[str, tuple[str, bool]]:
    """Key: (value, read-only)."""
    writable = {
        "AllowOfflineTxForUnknownId": "true",
        "AuthorizationCacheEnabled": "false",
        "AuthorizationKey": "",
        "AuthorizeRemoteTxRequests": "false",
        "BlinkRepeat": "3",
        "ClockAlignedDataInterval": "900",
        "ConnectionTimeOut": "120",
        "HeartbeatInterval": "300",
        "LightIntensity": "80",
        "LocalAuthListEnabled": "true",
        "LocalAuthorizeOffline": "true",
        "LocalPreAuthorize": "false",
        "MeterValueSampleInterval": str(int(sample_s)),
        "MeterValuesAlignedData": "Energy.Active.Import.Register",
        "MeterValuesSampledData": (
            "Energy.Active.Import.Register,Power.Active.Import,Current.Import"
        ),
        "MinimumStatusDuration": "0",
        "ResetRetries": "2",
        "StopTransactionOnEVSideDisconnect": "true",
        "StopTransactionOnInvalidId": "true",
        "StopTxnAlignedData": "",
        "StopTxnSampledData": "",
        "TransactionMessageAttempts": "3",
        "TransactionMessageRetryInterval": "60",
        "UnlockConnectorOnEVSideDisconnect": "true",
        "WebSocketPingInterval": "60",
    }
    read_only = {
        "ChargeProfileMaxStackLevel": "8",
        "ChargingScheduleAllowedChargingRateUnit": "Current,Power",
        "ChargingScheduleMaxPeriods": "24",
        "ConnectorPhaseRotation": "0.RST",
        "GetConfigurationMaxKeys": "60",
        "LocalAuthListMaxLength": "500",
        "MaxChargingProfilesInstalled": "16",
        "NumberOfConnectors": str(len(spec.evses)),
        "ReserveConnectorZeroSupported": "false",
        "SendLocalListMaxLength": "200",
        "SupportedFeatureProfiles": PROFILES,
        "SecurityProfile": "1",
    }
    keys = {name: (value, False) for name, value in writable.items()}
    return keys | {name: (value, True) for name, value in read_only.items()}


def change_key(keys: dict[str, tuple[str, bool]], key: str, value: str) -> str:
    """Set a key; the answer in OCPP's words."""
    name = next((name for name in keys if name.lower() == key.lower()), None)
    if name is None:
        return "NotSupported"
    if keys[name][1]:
        return "Rejected"
    if name in NUMBERS and not value.isdigit():
        return "Rejected"
    if name in FLAGS and value.lower() not in ("true", "false"):
        return "Rejected"
    keys[name] = (value.lower() if name in FLAGS else value, False)
    return "RebootRequired" if name in NEEDS_REBOOT else "Accepted"
