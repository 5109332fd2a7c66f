"""Energy costs from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.energy import services
from billing.energy.models import CostKind, EnergyCost
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.imports import values
from core.imports.planner import ModelPlanner
from core.imports.spec import ImportColumn, ImportRow, ImportSpec
from core.imports.values import KEEP, BadValueError
from core.months import first_day, month_of
from core.operators.values import CURRENCIES
from stations.sites.imports import known_by
from stations.sites.models import Site

Key = tuple[int, date, str, str, str]


class EnergyCostPlanner(ModelPlanner):
    """A cost is known by its public id, or by site, month, kind, supplier and invoice number."""

    model = EnergyCost

    def __init__(self, operator: Operator) -> None:
        super().__init__(operator)
        self.by_id: dict[str, EnergyCost] = {}
        self.by_key: dict[Key, EnergyCost] = {}
        self.sites: dict[str, Site] = {}

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """All sites, and the costs of the months that the file names, or named by public id."""
        for site in Site.objects.select_related("operator"):
            self.sites[site.name] = self.sites[site.public_id] = site
        months = {row.get("month") for row in rows if isinstance(row.get("month"), date)}
        ids = {row.get("public_id") for row in rows} - {""}
        known = EnergyCost.objects.select_related("site", "operator")
        for cost in known.filter(month_on__in=months) | known.filter(public_id__in=ids):
            self.by_id[cost.public_id] = cost
            self.by_key[_key(cost.site_id, cost.month_on, cost.kind, cost.supplier,
                             cost.invoice_number)] = cost  # fmt: skip

    def identify(self, row: ImportRow) -> str:
        """The public id, else what makes an invoice's row unlike others."""
        if row.get("public_id"):
            return str(row.get("public_id"))
        names = ("site_id", "site", "month", "kind", "supplier", "invoice_number")
        return " / ".join(str(row.get(name)) for name in names if row.get(name))

    def find(self, row: ImportRow) -> EnergyCost | None:
        """By public id, which must exist; else by site, month, kind, supplier and number."""
        found: EnergyCost | None = known_by(self.by_id, row)
        if found is not None:
            return found
        month, site = row.get("month"), self._site(row)
        if site is None or not isinstance(month, date):
            return None
        return self.by_key.get(
            _key(site.pk, month, row.get("kind"), row.get("supplier"), row.get("invoice_number"))
        )

    def resolve(self, row: ImportRow, found: EnergyCost | None) -> dict[str, Any]:
        """The site looked up; texts as they are stored."""
        apart = ("public_id", "site", "site_id", "month")
        named = {k: v for k, v in row.values.items() if k not in apart and v is not KEEP}
        site, month = self._site(row), row.values.get("month", KEEP)
        if site is not None:
            named["site"] = site
        if month is not KEEP:
            named["month_on"] = month
        if found is None:
            named.setdefault("currency", self.operator.currency)
        return {name: _plain(value) for name, value in named.items()}

    def _site(self, row: ImportRow) -> Site | None:
        name, ref = row.get("site"), row.get("site_id")
        if not (name or ref):
            if row.get("public_id"):
                return None
            raise BadValueError(
                _("A new row needs a site."), _("Write its name or public id."), column="site"
            )
        site = self.sites.get(ref or name)
        if site is None or (name and ref and site != self.sites.get(name)):
            raise BadValueError(
                _("There is no site with this name or public id."),
                _("Create or import the site first."),
                column="site_id" if ref else "site",
            )
        return site

    def check(self, values: Mapping[str, Any], found: Any) -> EnergyCost:
        """As the services do, and nothing that a statement has settled."""
        cost = super().check({k: v for k, v in values.items() if k != "site"}, found)
        assert isinstance(cost, EnergyCost)
        if found is not None and found.settled_in:
            raise RuleViolation(
                "energy_cost_settled",
                _("Statement %(statement)s has settled this cost, so it stays as it is.")
                % {"statement": found.settled_in},
            )
        services.check(cost)
        return cost

    def store(
        self, values: Mapping[str, Any], found: EnergyCost | None, *, reason: str
    ) -> EnergyCost:
        """Through the services."""
        if found is None:
            return services.create_cost(reason=reason, **values)
        return services.change_cost(
            cost=found, reason=reason or _("Imported from a file"), **values
        )


def _key(site: int, month: date, kind: str, supplier: str, number: str) -> Key:
    return site, month, kind, _plain(supplier).casefold(), _plain(number).casefold()


def _plain(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def month(cell: str, zone: tzinfo) -> date:
    """A month as 2026-11, or any of its days."""
    return month_of(cell) or first_day(_day(cell, zone))


def _day(cell: str, zone: tzinfo) -> date:
    try:
        return values.day(cell, zone)
    except BadValueError as error:
        raise BadValueError(_("This is no month."), _("Write it as 2026-11.")) from error


C = ImportColumn
ENERGY_COSTS = ImportSpec(
    name="energy-costs",
    title=gettext_lazy("Energy costs"),
    permission=Permission.ENERGY_EDIT,
    planner=EnergyCostPlanner,
    list_url="energy_cost_list",
    intro=gettext_lazy(
        "Costs are recognised by public id, or by site, month, kind, supplier and invoice number."
    ),
    columns=(
        C(
            "public_id", gettext_lazy("Public id"), values.text(24), "",
            help=gettext_lazy("Of a cost to change; empty for a new one."),
        ),
        C(
            "site", gettext_lazy("Site"), values.text(120), "",
            help=gettext_lazy("Its name."), example="Malmö, Slottsgatan",
        ),
        C(
            "site_id", gettext_lazy("Site (public id)"), values.text(24), "",
            help=gettext_lazy("Instead of its name."),
        ),
        C("month", gettext_lazy("Month"), month, is_required=True, example="2026-10"),
        C(
            "kind", gettext_lazy("Kind"), values.choice(CostKind.choices), is_required=True,
            example="electricity",
        ),
        C(
            "supplier", gettext_lazy("Supplier"), values.text(120), is_required=True,
            example="Skåne Energi AB",
        ),
        C(
            "invoice_number", gettext_lazy("Invoice number"), values.identifier(60),
            is_required=True, example="104231",
        ),
        C("invoiced_on", gettext_lazy("Invoiced"), values.day, None, example="2026-11-05"),
        C(
            "energy_kwh", gettext_lazy("Energy (kWh)"), values.decimal(-(10**10), 10**10, 3), None,
            example="1240,5", help=gettext_lazy("As billed; a power fee has none."),
        ),
        C(
            "net", gettext_lazy("Net"), values.decimal(-(10**11), 10**11, 2), is_required=True,
            example="992,40",
        ),
        C(
            "tax", gettext_lazy("VAT"), values.decimal(-(10**11), 10**11, 2), is_required=True,
            example="248,10",
        ),
        C(
            "currency", gettext_lazy("Currency"),
            values.choice([(code, code) for code in CURRENCIES]), example="SEK",
        ),
        C("note", gettext_lazy("Note"), values.text(500), ""),
    ),
    read_only=("settled_in",),
)  # fmt: skip
