"""What the device model's messages of 2.x say: variables, events, monitors, profiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableName:
    """Component and variable (2.0.1 part 1 section 7). Instances are empty when not sent."""

    component: str
    variable: str
    component_instance: str = ""
    variable_instance: str = ""
    evse: int | None = None
    connector: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of a variable. ``value`` None: not sent (a write-only one)."""

    type: str = "Actual"
    value: str | None = None
    mutability: str = "ReadWrite"
    persistent: bool = False
    constant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A variable with its attributes and characteristics."""

    name: VariableName
    attributes: tuple[Attribute, ...] = ()
    data_type: str = ""
    unit: str = ""
    values_list: str = ""
    min_limit: Decimal | None = None
    max_limit: Decimal | None = None
    supports_monitoring: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReport:
    """One part of a report. ``is_last``: no further part comes (``tbc`` is not set)."""

    request_id: int
    seq_no: int
    is_last: bool
    generated_at: datetime | None
    variables: tuple[Variable, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEvent:
    """One event of a monitored variable."""

    name: VariableName
    event_id: int | None
    at_raw: str
    at: datetime | None
    trigger: str = ""
    notification_type: str = ""
    actual_value: str = ""
    cause: int | None = None
    is_cleared: bool = False
    tech_code: str = ""
    tech_info: str = ""
    transaction: str | None = None
    monitor_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReport:
    """NotifyEvent: some events."""

    seq_no: int
    is_last: bool
    generated_at: datetime | None
    events: tuple[DeviceEvent, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """A monitor that is set on a variable."""

    name: VariableName
    id: int | None
    type: str = ""
    value: Decimal | None = None
    severity: int | None = None
    only_in_transaction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringReport:
    """One part of a monitoring report."""

    request_id: int
    seq_no: int
    is_last: bool
    generated_at: datetime | None
    monitors: tuple[Monitor, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileReport:
    """One part of a report of charging profiles, each as sent."""

    request_id: int
    evse: int | None
    limit_source: str
    is_last: bool
    profiles: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
