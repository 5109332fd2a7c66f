"""What the demo's sites and EVSEs tell the public; a few leave gaps, as in real life (pure)."""

from __future__ import annotations

from typing import Any, Final

from portal.demo.catalogue import SiteKind
from portal.demo.plan import DemoEvse, DemoSite, DemoStation

ALWAYS: Final[dict[str, Any]] = {
    "twentyfourseven": True,
    "regular_hours": [],
    "exceptions": [],
}
_PARKING: Final = {
    SiteKind.CORRIDOR: "ALONG_MOTORWAY",
    SiteKind.SHOPPING: "PARKING_LOT",
    SiteKind.STREET: "ON_STREET",
    SiteKind.WORKPLACE: "PARKING_LOT",
    SiteKind.HOME: "UNDERGROUND_GARAGE",
    SiteKind.HOTEL: "PARKING_LOT",
}
_ACCESS: Final = {
    SiteKind.WORKPLACE: ("private", "employees", "Only for employees of the house."),
    SiteKind.HOME: ("private", "residents", "Only for residents of the association."),
    SiteKind.HOTEL: ("part_time", "customers", "Hotel guests at night, everyone by day."),
}
_MAKES: Final = ("Elmät EM3", "Nordmeter DC2")


def has_gap(at: int) -> bool:
    """Whether the site at this place of the plan leaves something out."""
    return at % 6 == 5


def site_fields(site: DemoSite, operator: str, at: int) -> dict[str, Any]:
    """Columns of a site beyond its address."""
    place = {SiteKind.WORKPLACE: "workplace", SiteKind.HOME: "home"}.get(site.kind, "public")
    access, who, reason = _ACCESS.get(site.kind, ("public", "open", ""))
    fields: dict[str, Any] = {
        "place_class": place,
        "public_access": access,
        "access_type": who,
        "access_reason": reason,
        "parking_type": _PARKING[site.kind],
        "opening_hours": _shop_hours() if site.kind == SiteKind.SHOPPING else ALWAYS,
        "operator_phone": "+46 10 555 01 00",
        "operator_email": "support@laddning.example",
        "owner_name": operator,
        "owner_email": "agare@laddning.example",
        "host_name": f"{site.town.name} Fastigheter AB",
        "accessibility": "partly" if site.kind == SiteKind.STREET else "yes",
        "accessible_spaces": 0 if site.kind == SiteKind.STREET else 1,
        "is_renewable": "yes",
        "renewable_note": "100 % vindkraft med ursprungsgarantier",
    }
    if has_gap(at):
        fields |= {"opening_hours": None, "is_renewable": "", "accessible_spaces": None}
    return fields


def _shop_hours() -> dict[str, Any]:
    week = [("07:00", "22:00")] * 5 + [("08:00", "21:00"), ("09:00", "20:00")]
    return {
        "twentyfourseven": False,
        "regular_hours": [
            {"weekday": number, "period_begin": begin, "period_end": end}
            for number, (begin, end) in enumerate(week, start=1)
        ],
        "public_holidays": [{"period_begin": "10:00", "period_end": "16:00"}],
        "exceptions": [
            {"on": "2026-12-24", "periods": [], "note": "Julafton"},
            {"on": "2026-12-31", "periods": [{"period_begin": "09:00", "period_end": "15:00"}],
             "note": "Nyårsafton"},
        ],
    }  # fmt: skip


def evse_fields(evse: DemoEvse, station: DemoStation, at: int) -> dict[str, Any]:
    """Columns of an EVSE beyond its power; ``at``: its site's place in the plan."""
    fields: dict[str, Any] = {
        "payment_ways": ["contactless", "app", "rfid"]
        if evse.is_dc
        else ["qr_code", "app", "rfid"],
        "vehicle_types": ["car", "van", "lorry"] if evse.max_power_w >= 150_000 else ["car", "van"],
        "parking_restrictions": ["EV_ONLY", "PLUGGED"],
        "meter_make": _MAKES[evse.is_dc],
        "meter_serial": f"{station.serial_number}-{evse.number}",
        "meter_mid_year": station.commissioned_on.year,
        "meter_class": "B",
        "grant_state": "none",
    }
    if evse.is_dc:
        fields["payment_terminal"] = f"NT-{station.serial_number}"
    if evse.max_power_w >= 300_000:
        fields |= {
            "grant_state": "granted",
            "grant_name": "Klimatklivet NV-00000-00",
            "grant_conditions": "Allmänt tillgänglig i fem år",
            "grant_ends_on": station.commissioned_on.replace(
                year=station.commissioned_on.year + 5, day=1
            ),
        }
    if has_gap(at):
        fields |= {"meter_serial": "", "meter_mid_year": None, "grant_state": "", "grant_name": ""}
        fields["payment_terminal"] = ""
    return fields
