"""Sites from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.imports import values
from core.imports.planner import ModelPlanner
from core.imports.spec import ImportColumn, ImportRow, ImportSpec
from core.imports.values import BadValueError
from core.ui.zone_names import zone_names
from stations.sites import services
from stations.sites.choices import (
    AccessType,
    ParkingType,
    PlaceClass,
    PublicAccess,
    Renewable,
    Suitability,
)
from stations.sites.hours import HoursError, as_stored
from stations.sites.hours_form import wording
from stations.sites.hours_text import read_hours, write_hours
from stations.sites.models import Site
from stations.sites.selectors import hours_of

HOURS: Final = "opening_hours"


def hours_text(site: Site) -> str:
    """The opening hours of a site as files have them; empty where they are not stated."""
    hours = hours_of(site)
    return "" if hours is None else write_hours(hours)


def _hours(cell: str, _zone: Any) -> str:
    """The text of hours in the form of exports."""
    try:
        return write_hours(read_hours(cell))
    except HoursError as error:
        raise BadValueError(
            wording(error), _("Write it as 1-5 07:00-18:00; 6 10:00-14:00; holidays closed.")
        ) from error


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with hours as they are stored."""
    named = dict(values)
    if HOURS in named:
        named[HOURS] = as_stored(read_hours(named[HOURS])) if named[HOURS] else None
    return named


class SitePlanner(ModelPlanner):
    """A site is known by its public id, or by its name."""

    model = Site
    apart = frozenset({HOURS})

    def __init__(self, operator: Operator) -> None:
        super().__init__(operator)
        self.by_id: dict[str, Site] = {}
        self.by_name: dict[str, Site] = {}

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """All sites of the operator: there are fewer of them than rows may name."""
        for site in Site.objects.all():
            self.by_id[site.public_id] = site
            self.by_name[site.name] = site

    def identify(self, row: ImportRow) -> str:
        """The public id, else the name."""
        return str(row.get("public_id") or row.get("name"))

    def find(self, row: ImportRow) -> Site | None:
        """By public id, which must exist; else by name."""
        return known_by(self.by_id, row) or self.by_name.get(row.get("name"))

    def resolve(self, row: ImportRow, found: Site | None) -> dict[str, Any]:
        """The fields as they stand; a name must be free, a position whole."""
        named = {k: v for k, v in row.values.items() if k != "public_id"}
        holder = self.by_name.get(row.get("name"))
        if holder is not None and holder != found:
            raise BadValueError(
                _("Another site has this name."), _("Choose another name."), column="name"
            )
        if (row.get("latitude", None) is None) != (row.get("longitude", None) is None):
            raise BadValueError(
                _("Only one half of the position is given."),
                _("Give both latitude and longitude, or neither."),
                column="latitude",
            )
        return named

    def check(self, values: Mapping[str, Any], found: Any) -> Site:
        """Besides the fields: the zone must exist."""
        zone = values.get("time_zone")
        if zone is not None and zone not in zone_names():
            raise BadValueError(
                _("This is no IANA time zone."), "Europe/Stockholm", column="time_zone"
            )
        site = super().check(values, found)
        assert isinstance(site, Site)
        return site

    def current(self, found: Site, name: str) -> Any:
        """Hours as text."""
        return hours_text(found) if name == HOURS else getattr(found, name)

    def store(self, values: Mapping[str, Any], found: Site | None, *, reason: str) -> Site:
        """Through the services."""
        if found is None:
            return services.create_site(operator=self.operator, **_stored(values))
        return services.change_site(site=found, reason=reason, **_stored(values))


def known_by(by_id: Mapping[str, Any], row: ImportRow) -> Any:
    """The row that ``public_id`` names; None without one, BadValueError for an unknown one."""
    public_id = row.get("public_id")
    if not public_id:
        return None
    found = by_id.get(public_id)
    if found is None:
        raise BadValueError(
            _("There is nothing with this public id."),
            _("Leave it empty to create a new row."),
            column="public_id",
        )
    return found


def country(cell: str, zone: Any) -> str:
    """Two letters, as ISO 3166 writes them."""
    code = cell.strip().upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise BadValueError(_("This is no country code."), _("Write two letters, as SE."))
    return code


C = ImportColumn


def _text(name: str, label: Any, most: int, example: str = "") -> ImportColumn:
    return C(name, label, values.text(most), "", example=example)


def _choice(name: str, label: Any, choices: type[TextChoices], example: str) -> ImportColumn:
    words = [pair for pair in choices.choices if pair[0]]
    return C(name, label, values.choice(words), "", example=example)


PUBLIC_COLUMNS = (
    _choice("place_class", gettext_lazy("Place class"), PlaceClass, "workplace"),
    _choice("public_access", gettext_lazy("Publicly accessible"), PublicAccess, "public"),
    _text("access_reason", gettext_lazy("Why not, or when"), 300),
    C(
        "guest_charging", gettext_lazy("Guests may charge without an account"), values.flag,
        example="true",
    ),
    _choice("access_type", gettext_lazy("Who may enter"), AccessType, "open"),
    _choice("parking_type", gettext_lazy("Kind of place"), ParkingType, "PARKING_GARAGE"),
    _text("directions", gettext_lazy("Directions"), 500, "Level 2, to the left"),
    C(
        HOURS, gettext_lazy("Opening hours"), _hours, "",
        help=gettext_lazy(
            "Weekdays from 1 (Monday) to 7, public holidays and dates that differ; 24/7 for always."
        ),
        example="1-5 07:00-18:00; 6 10:00-14:00; holidays closed; 2026-12-31 10:00-12:00",
    ),
    _text("operator_phone", gettext_lazy("Operator's telephone"), 40, "+46 8 123 45 67"),
    _text("operator_email", gettext_lazy("Operator's e-mail address"), 254),
    _text("owner_name", gettext_lazy("Owner of the stations"), 120, "Norrtull AB"),
    _text("owner_phone", gettext_lazy("Owner's telephone"), 40),
    _text("owner_email", gettext_lazy("Owner's e-mail address"), 254),
    _text("host_name", gettext_lazy("Site host"), 120),
    _text("host_contact", gettext_lazy("Contact at the host"), 200),
    _choice(
        "accessibility", gettext_lazy("Suitable for people with disabilities"), Suitability, "yes"
    ),
    _text("accessibility_note", gettext_lazy("What to know about it"), 300),
    C(
        "accessible_spaces", gettext_lazy("Parking spaces for people with disabilities"),
        values.integer(0, 9999), None, example="2",
    ),
    _choice("is_renewable", gettext_lazy("Renewable electricity"), Renewable, "yes"),
    _text("renewable_note", gettext_lazy("Share and source"), 200, "100 % wind power"),
)  # fmt: skip
SITES = ImportSpec(
    name="sites",
    title=gettext_lazy("Sites"),
    permission=Permission.NETWORK_EDIT,
    planner=SitePlanner,
    list_url="site_list",
    columns=(
        C(
            "public_id", gettext_lazy("Public id"), values.text(24), "",
            help=gettext_lazy("Of a site to change; empty for a new one."),
        ),
        C(
            "name", gettext_lazy("Name"), values.text(120), is_required=True,
            example="Norrtull garage",
        ),
        C("address", gettext_lazy("Address"), values.text(200), "", example="Norrtullsgatan 1"),
        C("postal_code", gettext_lazy("Postal code"), values.text(16), "", example="113 29"),
        C("city", gettext_lazy("Town"), values.text(100), "", example="Stockholm"),
        C("country_code", gettext_lazy("Country code"), country, example="SE"),
        C("latitude", gettext_lazy("Latitude"), values.decimal(-90, 90), None, example="59.3500"),
        C(
            "longitude", gettext_lazy("Longitude"), values.decimal(-180, 180), None,
            example="18.0450",
        ),
        C(
            "time_zone", gettext_lazy("Time zone"), values.text(64),
            example="Europe/Stockholm",
        ),
        C(
            "power_limit_w", gettext_lazy("Power limit (W)"), values.integer(0, 2_147_483_647),
            None, example="110000",
        ),
        C(
            "allow_profile_0", gettext_lazy("Allow stations without password"), values.flag,
            example="false",
        ),
        C("commissioned_on", gettext_lazy("Commissioned"), values.day, None, example="2026-11-23"),
        *PUBLIC_COLUMNS,
    ),
    read_only=("worst", "station_count", "evse_count", "retired_on", "created_at"),
)  # fmt: skip
