"""Stations from files, with their EVSE ids and passwords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models.functions import Upper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.imports import values
from core.imports.planner import ModelPlanner
from core.imports.spec import ImportColumn, ImportRow, ImportSpec
from core.imports.values import KEEP, BadValueError
from core.tenancy.scopes import across_operators
from stations.hardware import evses, services
from stations.hardware.choices import SecurityProfile
from stations.hardware.evse_columns import (
    BY_NAME,
    CONNECTOR_FIELDS,
    PART_COLUMNS,
    canonical,
    changes_of,
    current_cell,
    used,
    widened,
)
from stations.hardware.evse_ids import is_evse_id
from stations.hardware.identity import is_identity
from stations.hardware.meter_keys import MOST, meter_key
from stations.hardware.models import Evse, Station
from stations.hardware.passwords import digest_password
from stations.sites.imports import known_by
from stations.sites.models import Site

NO_ID = "-"
"""Stands for an EVSE without a public id."""
TYPES = "connector_type"
SUBPROTOCOLS = [("ocpp1.6", "OCPP 1.6"), ("ocpp2.0.1", "OCPP 2.0.1")]


def seal(password: str) -> str:
    """The form in which alone a password is kept."""
    return digest_password(password.encode(), settings.STATION_KEY, imported=True)


class StationPlanner(ModelPlanner):
    """A station is known by its public id, or by its socket identity in any letter case."""

    model = Station
    apart = frozenset({"password", "evse_ids", "meter_keys", *BY_NAME})

    def __init__(self, operator: Operator) -> None:
        super().__init__(operator)
        self.by_id: dict[str, Station] = {}
        self.by_identity: dict[str, Station] = {}
        self.sites: dict[str, Site] = {}
        self.evses: dict[int, list[Evse]] = {}
        self.taken: set[str] = set()
        self.taken_evse_ids: set[str] = set()

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """Own stations, EVSEs and sites; what identities and EVSE ids others have."""
        for station in Station.objects.select_related("site", "operator"):
            self.by_id[station.public_id] = station
            self.by_identity[station.identity.upper()] = station
        for site in Site.objects.select_related("operator"):
            self.sites[site.name] = self.sites[site.public_id] = site
        rows_of_evses = Evse.objects.prefetch_related("connectors")
        for evse in rows_of_evses.order_by("station_id", "number"):
            self.evses.setdefault(evse.station_id, []).append(evse)
        identities = {str(row.get("identity")).upper() for row in rows}
        evse_ids = {one for row in rows for one in row.get("evse_ids", [])}
        with across_operators("identities and EVSE ids are unique in the whole installation"):
            named = Station.objects.annotate(plain=Upper("identity")).filter(plain__in=identities)
            self.taken = set(named.values_list("plain", flat=True))
            used = Evse.objects.filter(public_id__in=evse_ids)
            self.taken_evse_ids = {str(one) for one in used.values_list("public_id", flat=True)}

    def identify(self, row: ImportRow) -> str:
        """The identity, else the public id."""
        return str(row.get("identity") or row.get("public_id"))

    def find(self, row: ImportRow) -> Station | None:
        """By public id, which must exist; else by identity."""
        return known_by(self.by_id, row) or self.by_identity.get(str(row.get("identity")).upper())

    def resolve(self, row: ImportRow, found: Station | None) -> dict[str, Any]:
        """The site by name or id; identity and EVSE ids free."""
        named = {k: v for k, v in row.values.items() if k != "public_id"}
        if row.get("site"):
            named["site"] = self._site(row.get("site"))
        self._check_identity(row.get("identity"), found)
        ids = named.get("evse_ids", KEEP)
        if ids is not KEEP:
            self._check_evse_ids(named["evse_ids"], found)
        present = self.evses.get(found.pk, []) if found else []
        counts = [len(used(evse)) for evse in present]
        counts += [1] * (0 if ids is KEEP else len(ids) - len(present))
        types = named.get(TYPES, KEEP)
        self._check_parts(named, widened(None if types is KEEP else types, counts))
        return named

    def _check_parts(self, named: dict[str, Any], counts: Sequence[int]) -> None:
        """Cells of EVSEs and connectors in the form of exports; names every one that is wrong."""
        wrong: list[BadValueError] = []
        for name in [one for one in ("meter_keys", *BY_NAME) if one in named]:
            if named[name] is KEEP:
                continue
            try:
                if name == "meter_keys":
                    named[name] = read_keys(named[name], len(counts))
                else:
                    named[name] = canonical(name, named[name], counts, self.zone)
            except BadValueError as error:
                wrong.append(error)
        if wrong:
            raise BadValueError.of(wrong)

    @property
    def zone(self) -> ZoneInfo:
        """The operator's; no column of EVSEs has a time of day."""
        return ZoneInfo(self.operator.time_zone)

    def _site(self, name: str) -> Site:
        site = self.sites.get(name)
        if site is None:
            raise BadValueError(
                _("There is no site with this name or public id."),
                _("Create or import the site first."),
                column="site",
            )
        return site

    def _check_identity(self, identity: str, found: Station | None) -> None:
        if not identity or (found is not None and found.identity.upper() == identity.upper()):
            return
        if not is_identity(identity):
            raise BadValueError(
                _("This cannot be a socket identity."),
                _("Use 1 to 48 printable characters without space, slash, colon, ?, # or \\."),
                column="identity",
            )
        if identity.upper() in self.taken:
            raise BadValueError(
                _("This identity is not available."), _("Choose another one."), column="identity"
            )

    def _check_evse_ids(self, wanted: list[str], found: Station | None) -> None:
        present = self._present(found)
        if len(wanted) < len(present):
            raise BadValueError(
                _("The station has more EVSEs than ids are given."),
                _("Give one for each of them, %(sign)s for none.") % {"sign": NO_ID},
                column="evse_ids",
            )
        new = [one for one in wanted if one != NO_ID]
        malformed = [one for one in new if not is_evse_id(one)]
        if malformed:
            raise BadValueError(
                _("%(id)s is no EVSE id.") % {"id": malformed[0]},
                _("Write it as SE*ABC*E000001*1."),
                column="evse_ids",
            )
        busy = (self.taken_evse_ids - set(present)) & set(new)
        if busy or len(set(new)) < len(new):
            raise BadValueError(
                _("An EVSE id is not available."), _("Choose another one."), column="evse_ids"
            )

    def _present(self, found: Station | None) -> list[str]:
        return [evse.public_id or NO_ID for evse in self.evses.get(found.pk if found else 0, [])]

    def current(self, found: Station, name: str) -> Any:
        """A password always counts as a new one, unless it is stored in the very same form."""
        if name == "password":
            return found.password_digest
        if name == "evse_ids":
            return self._present(found)
        if name in BY_NAME:
            return current_cell(name, self.evses.get(found.pk, []))
        if name == "meter_keys":
            return [one.meter_public_key or NO_ID for one in self.evses.get(found.pk, [])]
        return getattr(found, name)

    def base(self) -> dict[str, Any]:
        """A new station belongs to the operator."""
        return {"operator": self.operator}

    def store(self, values: Mapping[str, Any], found: Station | None, *, reason: str) -> Station:
        """Through the services; a new station without password gets none."""
        named = dict(values)
        digest, evse_ids = named.pop("password", ""), named.pop("evse_ids", None)
        meter_keys = named.pop("meter_keys", None)
        parts = {name: named.pop(name) for name in BY_NAME if name in named}
        if found is None:
            station, _secret = services.create_station(password="", **named)
        else:
            station = services.change_station(station=found, reason=reason, **named)
        if digest:
            services.store_digest(station=station, digest=digest, reason=reason)
        if evse_ids is not None:
            self._store_evses(station, evse_ids, reason)
        if meter_keys or parts:
            self._store_parts(station, meter_keys, parts, reason)
        return station

    def _store_parts(
        self, station: Station, keys: list[str] | None, parts: Mapping[str, str], reason: str
    ) -> None:
        present = self._with_connectors(station, parts.get(TYPES))
        counts = [len(used(evse)) for evse in present]
        changes = changes_of(parts, counts, self.zone)
        for (own, _connectors), key in zip(changes, keys or (), strict=False):
            own["meter_public_key"] = _given(key)
        for evse, (own, of_connectors) in zip(present, changes, strict=True):
            if own:
                evses.change_evse(evse=evse, reason=reason, **own)
            for connector, one in zip(used(evse), of_connectors, strict=True):
                if one:
                    evses.change_connector(connector=connector, reason=reason, **one)

    def _with_connectors(self, station: Station, types: str | None) -> list[Evse]:
        """The EVSEs, with as many connectors as their types name; a new one is as the first is."""
        rows = station.evses.order_by("number").prefetch_related("connectors")
        present = list(rows)
        counts = [len(used(evse)) for evse in present]
        missing = [
            (evse, want - have)
            for evse, have, want in zip(present, counts, widened(types, counts), strict=True)
            if want > have
        ]
        for evse, more in missing:
            last = max((one.number for one in evse.connectors.all()), default=0)
            first = next(iter(used(evse)), None)
            alike = {name: getattr(first, name) for name in CONNECTOR_FIELDS} if first else {}
            for number in range(last + 1, last + 1 + more):
                evses.create_connector(evse=evse, number=number, **alike)
        return list(rows.all()) if missing else present

    def _store_evses(self, station: Station, wanted: list[str], reason: str) -> None:
        present = self.evses.get(station.pk, [])
        for evse, public_id in zip(present, wanted, strict=False):
            if (evse.public_id or NO_ID) != public_id:
                new = None if public_id == NO_ID else public_id
                evses.change_evse(evse=evse, public_id=new, reason=reason)
        number = max((evse.number for evse in present), default=0)
        for offset, public_id in enumerate(wanted[len(present) :], 1):
            made = evses.create_evse(
                station=station,
                number=number + offset,
                public_id=None if public_id == NO_ID else public_id,
            )
            evses.create_connector(evse=made, number=1)


def read_keys(given: list[str], count: int) -> list[str]:
    """Keys in their stored form, one for each of ``count`` EVSEs; raises BadValueError."""
    if len(given) != count:
        raise BadValueError(
            _("There are not as many keys as EVSEs."),
            _("Give one for each of them, %(sign)s for none.") % {"sign": NO_ID},
            column="meter_keys",
        )
    try:
        return [meter_key(_given(one)) or NO_ID for one in given]
    except ValueError as error:
        raise BadValueError(
            _("This is no public key of a meter."),
            _("Give it in hexadecimal or Base64."),
            column="meter_keys",
        ) from error


def _given(cell: str) -> str:
    return "" if cell == NO_ID else cell


C = ImportColumn
STATIONS = ImportSpec(
    name="stations",
    title=gettext_lazy("Stations"),
    permission=Permission.NETWORK_EDIT,
    planner=StationPlanner,
    list_url="station_list",
    intro=gettext_lazy(
        "Passwords are kept as digests from the moment of the upload and never shown again. A "
        "new station without password cannot connect until it is given one."
    ),
    columns=(
        C(
            "public_id", gettext_lazy("Public id"), values.text(24), "",
            help=gettext_lazy("Of a station to change; empty for a new one."),
        ),
        C(
            "identity", gettext_lazy("Socket identity"), values.identifier(48), is_required=True,
            example="CP-0001",
        ),
        C("name", gettext_lazy("Name"), values.text(120), example="Norrtull 1"),
        C(
            "site", gettext_lazy("Site"), values.text(120), is_required=True,
            help=gettext_lazy("Its name or public id."), example="Norrtull garage",
        ),
        C(
            "security_profile", gettext_lazy("Security profile"),
            values.choice(SecurityProfile.choices), example="1",
        ),
        C(
            "password", gettext_lazy("Password"), values.text(200), seal=seal,
            help=gettext_lazy("Empty: stays as it is."), example="",
        ),
        C(
            "assume_subprotocol", gettext_lazy("Assumed version"), values.choice(SUBPROTOCOLS), "",
            help=gettext_lazy("For a station that offers none."), example="",
        ),
        C("hands_off", gettext_lazy("Hands off"), values.flag, example="false"),
        C("vendor", gettext_lazy("Vendor"), values.text(64), "", example="Acme"),
        C("model", gettext_lazy("Model"), values.text(64), "", example="X22"),
        C(
            "serial_number", gettext_lazy("Serial number"), values.identifier(64), "",
            example="SN-1",
        ),
        C("commissioned_on", gettext_lazy("Commissioned"), values.day, None, example="2026-11-23"),
        C(
            "evse_ids", gettext_lazy("EVSE ids"), values.words(48),
            help=gettext_lazy("One for each EVSE in their order, apart by blanks; - for none."),
            example="SE*ABC*E000001*1 SE*ABC*E000001*2",
        ),
        C(
            "meter_keys", gettext_lazy("Public keys of the meters"), values.words(MOST),
            help=gettext_lazy("One for each EVSE in their order, apart by blanks; - for none."),
            example="",
        ),
        *(
            C(
                one.name, one.title, values.text(8000), KEEP if one.nothing is KEEP else "",
                help=gettext_lazy(
                    "For each EVSE, apart by |, and its connectors by +; one value alone is that "
                    "of all. More types than connectors make the missing ones."
                )
                if one.of_connectors
                else gettext_lazy("For each EVSE, apart by |; one value alone is that of all."),
                example=one.example,
            )
            for one in PART_COLUMNS
        ),
    ),
    read_only=(
        "status", "is_connected", "ocpp_version", "last_seen_at", "firmware_version", "retired_on",
    ),
)  # fmt: skip
