"""Id tokens from files; cards of a network that is taken over keep working."""

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
from core.operators.values import CURRENCIES
from customers.drivers.models import Driver, Vehicle
from customers.drivers.named import driver_named, drivers_by_name
from customers.drivers.plate import normalise_plate
from customers.drivers.vehicle_selectors import vehicles
from customers.tokens import services
from customers.tokens.models import IdToken, TokenKind, TokenPurpose, TokenStatus
from customers.tokens.selectors import tokens
from customers.tokens.uid import normalise
from stations.sites.models import Site


class TokenPlanner(ModelPlanner):
    """A token is known by its UID, compared without case and separators."""

    model = IdToken
    apart = frozenset({"allowed_sites"})

    def __init__(self, operator: Operator) -> None:
        super().__init__(operator)
        self.tokens: dict[str, IdToken] = {}
        self.sites: dict[str, Site] = {}
        self.drivers: dict[str, Driver] = {}
        self.vehicles: dict[str, Vehicle] = {}

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """Own tokens with their sites and drivers; all drivers, vehicles and sites."""
        for token in tokens():
            self.tokens[token.uid.upper()] = token
        for site in Site.objects.all():
            self.sites[site.public_id] = site
        for vehicle in vehicles():
            self.vehicles[vehicle.registration_number] = vehicle
        self.drivers = drivers_by_name()

    def identify(self, row: ImportRow) -> str:
        """The UID in its canonical form."""
        return normalise(str(row.get("uid"))).uid

    def find(self, row: ImportRow) -> IdToken | None:
        """By UID as given, then in its canonical form."""
        given = str(row.get("uid")).upper()
        return self.tokens.get(given) or self.tokens.get(self.identify(row).upper())

    def resolve(self, row: ImportRow, found: IdToken | None) -> dict[str, Any]:
        """Sites by public id; the UID of a stored token stays."""
        named = dict(row.values)
        uid = named.pop("uid", "")
        if found is None:
            named = {"uid": normalise(uid).uid, **named}
        if "driver_id" in named:
            named["driver"] = driver_named(self.drivers, named.pop("driver_id"))
        if named.get("vehicle"):
            named["vehicle"] = self._vehicle(named["vehicle"])
        if isinstance(named.get("allowed_sites"), list):
            named["allowed_sites"] = self._sites(named["allowed_sites"])
        return named

    def _vehicle(self, text: str) -> Vehicle:
        vehicle = self.vehicles.get(normalise_plate(text))
        if vehicle is None:
            raise BadValueError(
                _("There is no vehicle with this registration number."),
                _("Create or import the vehicle first."),
                column="vehicle",
            )
        return vehicle

    def _sites(self, names: list[str]) -> list[str]:
        missing = [name for name in names if name not in self.sites]
        if missing:
            raise BadValueError(
                _("There is no site with the public id %(names)s.") % {"names": ", ".join(missing)},
                _("Take the public ids from the list of sites."),
                column="allowed_sites",
            )
        return sorted(set(names))

    def current(self, found: IdToken, name: str) -> Any:
        """Sites as their public ids."""
        if name == "allowed_sites":
            return sorted(site.public_id for site in found.allowed_sites.all())
        return getattr(found, name)

    def store(self, values: Mapping[str, Any], found: IdToken | None, *, reason: str) -> IdToken:
        """Through the service."""
        named = {"uid": found.uid, **values} if found is not None else dict(values)
        if "allowed_sites" in named:
            named["allowed_sites"] = [self.sites[one] for one in named["allowed_sites"]]
        token, _created = services.put_token(operator=self.operator, reason=reason, **named)
        return token


C = ImportColumn
TOKENS = ImportSpec(
    name="tokens",
    title=gettext_lazy("Id tokens"),
    permission=Permission.TOKEN_EDIT,
    planner=TokenPlanner,
    list_url="token_list",
    intro=gettext_lazy(
        "Hex UIDs may have separators and any letter case; they are stored as stations send them, "
        "so that the cards keep working."
    ),
    columns=(
        C(
            "uid", gettext_lazy("UID"), values.identifier(36), is_required=True,
            example="04:A1:B2:C3",
        ),
        C(
            "printed_number", gettext_lazy("Printed number"), values.identifier(40), "",
            example="SE-000123",
        ),
        C("label", gettext_lazy("Label"), values.text(100), "", example="Car pool 3"),
        C("kind", gettext_lazy("Kind"), values.choice(TokenKind.choices), example="rfid"),
        C(
            "purpose", gettext_lazy("Purpose"), values.choice(TokenPurpose.choices),
            example="customer",
        ),
        C("status", gettext_lazy("Status"), values.choice(TokenStatus.choices), example="active"),
        C("expires_at", gettext_lazy("Expires"), values.moment, None, example="2027-12-31 23:59"),
        C("group_id", gettext_lazy("Parent group"), values.text(36), "", example=""),
        C(
            "max_concurrent_sessions", gettext_lazy("Sessions at once"), values.integer(0, 1000),
            None, example="1",
        ),
        C(
            "max_energy_wh_per_month", gettext_lazy("Energy per month (Wh)"),
            values.integer(0, 10**12), None, example="",
        ),
        C(
            "max_gross_per_month", gettext_lazy("Amount per month"), values.decimal(0, 10**9, 2),
            None, example="", help=gettext_lazy("What the sessions of a month may cost, with VAT."),
        ),
        C(
            "limit_currency", gettext_lazy("Currency of the amount"),
            values.choice([(code, code) for code in CURRENCIES]), example="",
        ),
        C(
            "driver_id", gettext_lazy("Driver"), values.text(254), None,
            help=gettext_lazy("Public id or e-mail address of the driver who has it."),
        ),
        C(
            "vehicle", gettext_lazy("Vehicle"), values.text(20), None,
            help=gettext_lazy("Registration number of the vehicle that the card sits in."),
            example="",
        ),
        C(
            "allowed_sites", gettext_lazy("Only at these sites"), values.words(24), [],
            help=gettext_lazy("Public ids of sites, apart by blanks; empty: everywhere."),
            example="",
        ),
    ),
    read_only=("uid_decimal", "uid_reversed", "created_at", "driver", "company"),
)  # fmt: skip
