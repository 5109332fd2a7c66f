"""Residents from the property manager's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.accounts.models import BillingAccount
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.imports import values
from core.imports.planner import ModelPlanner
from core.imports.spec import ImportColumn, ImportRow, ImportSpec
from core.imports.values import KEEP, BadValueError
from customers.drivers.models import Driver
from customers.drivers.named import drivers_by_name
from customers.residents import services
from customers.residents.models import LONGEST_NAME, FinalBill, Resident
from customers.residents.moving import move_out, stay
from customers.residents.services import stay_of, taken_words
from customers.residents.stay import Stay, who_is_in_the_way
from customers.tokens.uid import normalise
from stations.sites.imports import known_by
from stations.sites.models import Site


class ResidentPlanner(ModelPlanner):
    """A resident is known by public id, else by site, name and apartment (or object number)."""

    model = Resident
    apart = frozenset({"bay", "tokens"})

    def __init__(self, operator: Operator) -> None:
        super().__init__(operator)
        self.by_id: dict[str, Resident] = {}
        self.by_key: dict[tuple[int, str, str], Resident] = {}
        self.sites: dict[str, Site] = {}
        self.drivers: dict[str, Driver] = {}
        self.accounts: dict[str, BillingAccount] = {}
        self.bays: dict[tuple[int, str], dict[object, Stay]] = {}

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """All residents with their cards; sites, drivers and accounts by what files call them."""
        for site in Site.objects.select_related("operator"):
            self.sites[site.public_id] = self.sites[site.name.casefold()] = site
        found = Resident.objects.select_related("site__operator", "bay", "driver", "account")
        for one in found.prefetch_related("driver__tokens"):
            self.by_id[one.public_id] = one
            self.by_key[_key(one.site_id, one.name, one.apartment or one.object_number)] = one
            if one.bay is not None:
                self._bay(one.site_id, one.bay.name)[one.pk] = stay_of(one)
        self.drivers = drivers_by_name()
        names: dict[str, list[BillingAccount]] = {}
        for account in BillingAccount.objects.all():
            self.accounts[account.public_id] = account
            names.setdefault(account.name.casefold(), []).append(account)
        self.accounts |= {name: same[0] for name, same in names.items() if len(same) == 1}

    def _bay(self, site_id: int, name: str) -> dict[object, Stay]:
        return self.bays.setdefault((site_id, name.casefold()), {})

    def identify(self, row: ImportRow) -> str:
        """The public id, else site, name and apartment."""
        home = row.get("apartment") or row.get("object_number")
        site = row.get("site_id") or row.get("site")
        return str(row.get("public_id") or f"{site} / {row.get('name')} / {home}").casefold()

    def find(self, row: ImportRow) -> Resident | None:
        """By public id, which must exist; else by site, name and home."""
        found: Resident | None = known_by(self.by_id, row)
        site = self.sites.get(str(row.get("site_id") or row.get("site")).casefold())
        if found is None and site is not None:
            home = row.get("apartment") or row.get("object_number")
            found = self.by_key.get(_key(site.pk, str(row.get("name")), str(home)))
        return found

    def resolve(self, row: ImportRow, found: Resident | None) -> dict[str, Any]:
        """Site, driver and account looked up; only cards that are not the resident's yet."""
        named = {k: v for k, v in row.values.items() if k not in ("public_id", "site_id")}
        site = self._site(row, found)
        named.pop("site", None)
        if found is None:
            named["site"] = site
        for column, known in (("driver", self.drivers), ("account", self.accounts)):
            if named.get(column):
                named[column] = _looked_up(column, str(named[column]), known)
        if isinstance(named.get("tokens"), list):
            held = {token.uid.upper() for token in _tokens(found)}
            new = {normalise(uid).uid for uid in named.pop("tokens")}
            if new - held:
                named["tokens"] = sorted(new - held)
        if named.get("bay"):
            named["waits_since_on"] = None
        self._refuse_days(row, found, named)
        self._refuse_taken(row, found, site, named)
        return named

    def _site(self, row: ImportRow, found: Resident | None) -> Site:
        given = str(row.get("site_id") or row.get("site"))
        site = self.sites.get(given) or self.sites.get(given.casefold())
        if site is None and given:
            raise BadValueError(
                _("There is no site with this name or public id."),
                _("Write the site as its list does."),
                column="site",
            )
        if site is None and found is None:
            raise BadValueError(
                _("A new resident needs a site."), _("Name it in the column site."), column="site"
            )
        if found is not None and site is not None and site.pk != found.site_id:
            raise BadValueError(
                _("A resident stays at the site."),
                _("Let them move out there and in here."),
                column="site",
            )
        return site or found.site  # type: ignore[union-attr]  # one of the two is there

    def _refuse_days(
        self, row: ImportRow, found: Resident | None, named: Mapping[str, Any]
    ) -> None:
        first, last = _days(found, named)
        if first is not None and last is not None and last < first:
            raise BadValueError(
                _("The last day comes before the first."),
                _("Correct one of the two."),
                column="valid_until_on",
            )
        is_settled = found is not None and found.final_bill in (FinalBill.MADE, FinalBill.NOTHING)
        if is_settled and found is not None and last != found.valid_until_on:
            raise BadValueError(
                _("The final bill was made already."),
                _("Keep the last day as it is."),
                column="valid_until_on",
            )

    def _refuse_taken(
        self, row: ImportRow, found: Resident | None, site: Site, named: Mapping[str, Any]
    ) -> None:
        """The bay must be free after the rows above this one."""
        key: object = found.pk if found is not None else f"line {row.line}"
        given = named.get("bay", KEEP)
        now = found.bay.name if found is not None and found.bay is not None else ""
        bay = now if given is KEEP else str(given)
        if now and found is not None:
            self._bay(site.pk, now).pop(key, None)
        if not bay:
            return
        first, last = _days(found, named)
        own = Stay(key, str(row.get("name") or found or ""), first, last)
        held = self._bay(site.pk, bay)
        taken = who_is_in_the_way(own, held.values())
        if taken is not None:
            raise BadValueError(
                taken_words(bay, taken),
                _("Let them move out in a row above this one, or name another bay."),
                column="bay",
            )
        held[key] = own

    def current(self, found: Resident, name: str) -> Any:
        """Bays by name; of cards only new ones are named."""
        if name == "bay":
            return found.bay.name if found.bay is not None else ""
        return [] if name == "tokens" else getattr(found, name)

    def store(self, values: Mapping[str, Any], found: Resident | None, *, reason: str) -> Resident:
        """Through the services; moving out has one of its own."""
        named = dict(values)
        last_on = named.pop("valid_until_on", KEEP)
        if found is None:
            resident = services.create_resident(reason=reason, **named)
        else:
            resident = services.change_resident(resident=found, reason=reason, **named)
        if last_on is KEEP or last_on == resident.valid_until_on:
            return resident
        if last_on is None:
            return stay(resident=resident, reason=reason)
        return move_out(resident=resident, last_on=last_on, reason=reason)


def _key(site_id: int, name: str, home: str) -> tuple[int, str, str]:
    return site_id, name.casefold(), home.casefold()


def _tokens(found: Resident | None) -> list[Any]:
    return list(found.driver.tokens.all()) if found is not None and found.driver else []


def _days(found: Resident | None, named: Mapping[str, Any]) -> tuple[Any, Any]:
    """First and last day after the row."""
    days = []
    for name in ("valid_from_on", "valid_until_on"):
        given = named.get(name, KEEP)
        days.append((getattr(found, name) if found else None) if given is KEEP else given)
    return days[0], days[1]


def _looked_up(column: str, text: str, known: Mapping[str, Any]) -> Any:
    found = known.get(text) or known.get(text.casefold())
    if found is None:
        raise BadValueError(
            _("%(text)s is not known, or is the name of several.") % {"text": text[:80]},
            _("Write the public id, or create it first."),
            column=column,
        )
    return found


C = ImportColumn
RESIDENTS = ImportSpec(
    name="residents",
    title=gettext_lazy("Residents"),
    permission=Permission.RESIDENT_EDIT,
    planner=ResidentPlanner,
    list_url="resident_list",
    intro=gettext_lazy(
        "Residents are recognised by public id, else by site, name and apartment or object "
        "number. Rows are taken in order: who moves out stands above who moves in."
    ),
    columns=(
        C(
            "public_id", gettext_lazy("Public id"), values.text(24), "",
            help=gettext_lazy("Of a resident to change; empty for a new one."),
        ),
        C("site", gettext_lazy("Site"), values.text(120), "", example="Brf Solsidan"),
        C(
            "site_id", gettext_lazy("Site (public id)"), values.text(24), "",
            help=gettext_lazy("Instead of its name."),
        ),
        C(
            "object_number", gettext_lazy("Object number"), values.identifier(LONGEST_NAME), "",
            example="1023-0417",
        ),
        C(
            "apartment", gettext_lazy("Apartment"), values.identifier(LONGEST_NAME), "",
            example="1203",
        ),
        C(
            "bay", gettext_lazy("Bay"), values.identifier(LONGEST_NAME), "", example="P17",
            help=gettext_lazy("A new name adds a bay to the site."),
        ),
        C("name", gettext_lazy("Name"), values.text(120), is_required=True, example="Dina Dahl"),
        C("email", gettext_lazy("E-mail"), values.text(254), "", example="dina@example.com"),
        C("phone", gettext_lazy("Phone"), values.identifier(40), "", example="+46 70 123 45 67"),
        C("valid_from_on", gettext_lazy("Moved in"), values.day, None, example="2026-11-01"),
        C("valid_until_on", gettext_lazy("Moved out"), values.day, None),
        C("waits_since_on", gettext_lazy("Waits for a bay since"), values.day, None),
        C(
            "driver", gettext_lazy("Driver"), values.text(254), None,
            help=gettext_lazy("Public id or e-mail address."),
        ),
        C(
            "account", gettext_lazy("Billing account"), values.text(120), None,
            help=gettext_lazy("Public id or name; who pays where residents are invoiced."),
            permission=Permission.ACCOUNT_EDIT,
        ),
        C(
            "tokens", gettext_lazy("Cards"), values.words(36),
            help=gettext_lazy("Numbers of cards to hand over; none is taken away."),
            example="04A1B2C3",
        ),
        C("note", gettext_lazy("Note"), values.text(500), ""),
    ),
    read_only=("month_gross", "month_currency"),
)  # fmt: skip
