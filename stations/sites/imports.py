"""Sites from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
from stations.sites.models import Site


class SitePlanner(ModelPlanner):
    """A site is known by its public id, or by its name."""

    model = Site

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

    def store(self, values: Mapping[str, Any], found: Site | None, *, reason: str) -> Site:
        """Through the services."""
        if found is None:
            return services.create_site(operator=self.operator, **values)
        return services.change_site(site=found, reason=reason, **values)


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
    ),
    read_only=("worst", "station_count", "evse_count", "retired_on", "created_at"),
)  # fmt: skip
