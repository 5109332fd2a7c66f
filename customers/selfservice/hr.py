"""A company's drivers from a file of HR: it adds, changes and ends; all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from billing.accounts.dated import operator_day
from core.accounts.models import Operator
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from core.imports.plan import CHANGE, CREATE, Plan, make_plan
from core.imports.reading import read
from core.imports.sheet import Sheet, from_json
from core.imports.spec import ImportRow, ImportSpec
from core.imports.values import BadValueError
from customers.companies.models import Company
from customers.drivers.imports import DRIVERS, DriverPlanner
from customers.drivers.models import Driver
from customers.drivers.services import end_driver

COLUMNS: Final = (
    "name", "email", "phone", "employee_number", "cost_centre", "vehicles", "valid_from_on",
    "valid_until_on", "language", "max_energy_wh_per_month", "max_gross_per_month",
)  # fmt: skip
MOST_ROWS: Final = 2_000
_SALT: Final = "customers.selfservice.hr"
_SECONDS: Final = 30 * 60


class CompanyDriverPlanner(DriverPlanner):
    """Knows the drivers of one company alone, by employee number, else by e-mail address."""

    def __init__(self, operator: Operator, *, company: Company) -> None:
        super().__init__(operator)
        self.company = company
        self.by_number: dict[str, Driver] = {}

    def prepare(self, rows: Sequence[ImportRow]) -> None:
        """The company's drivers with their vehicles."""
        found = Driver.objects.filter(company=self.company)
        for driver in found.select_related("company", "operator").prefetch_related("vehicles"):
            if driver.email:
                self.by_key[driver.email.casefold()] = driver
            if driver.employee_number:
                self.by_number[driver.employee_number] = driver

    def identify(self, row: ImportRow) -> str:
        """The employee number, else the address."""
        return str(row.get("employee_number") or row.get("email"))

    def find(self, row: ImportRow) -> Driver | None:
        """By employee number, else by e-mail address."""
        number, email = str(row.get("employee_number")), str(row.get("email")).casefold()
        return self.by_number.get(number) or self.by_key.get(email)

    def resolve(self, row: ImportRow, found: Driver | None) -> dict[str, Any]:
        """Always a driver of this company."""
        return super().resolve(row, found) | {"company": self.company}


def spec_for(company: Company) -> ImportSpec:
    """The columns of drivers that HR may write."""
    columns = [one for one in DRIVERS.columns if one.name in COLUMNS]
    planner = partial(CompanyDriverPlanner, company=company)
    return replace(DRIVERS, name="my-drivers", columns=columns, planner=planner, read_only=())


@dataclass(frozen=True, slots=True)
class HrPlan:
    """What a file would do. ``leavers``: drivers who are not in it, where those end."""

    plan: Plan
    leavers: Sequence[Driver]
    sealed: str

    @property
    def is_good(self) -> bool:
        """Whether all of it can be done, and something would be."""
        counts = self.plan.counts
        return not self.plan.all_problems and bool(
            counts[CREATE] + counts[CHANGE] + len(self.leavers)
        )

    @property
    def digest(self) -> str:
        """Changes when anything else would be done."""
        return f"{self.plan.digest}:{','.join(str(one.pk) for one in self.leavers)}"


def read_file(*, company: Company, raw: bytes, ends_others: bool) -> HrPlan:
    """The plan of an uploaded file; nothing is written. Refuses what is no table or too long."""
    if not raw:
        raise InvalidInput("empty_file", _("The file is empty."), field="file")
    sheet = read(raw, spec_for(company).known)
    if len(sheet.lines) > MOST_ROWS:
        raise InvalidInput(
            "too_many_rows", _("At most %(count)d rows.") % {"count": MOST_ROWS}, field="file"
        )
    return _plan(company, sheet, ends_others)


def unseal(*, company: Company, sealed: str) -> HrPlan:
    """The plan of a file that was shown, made anew; refuses what is forged, old or another's."""
    try:
        owner, stored, ends_others = signing.loads(sealed, salt=_SALT, max_age=_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        owner, stored, ends_others = None, {}, False
    if owner != company.pk:
        raise RuleViolation("too_old", _("Upload the file again: half an hour has passed."))
    return _plan(company, from_json(stored), bool(ends_others))


def _plan(company: Company, sheet: Sheet, ends_others: bool) -> HrPlan:
    plan = make_plan(spec_for(company), sheet, company.operator)
    sealed = signing.dumps([company.pk, sheet.as_json(), ends_others], salt=_SALT, compress=True)
    leavers: list[Driver] = []
    if ends_others:
        today = operator_day(company.operator)
        kept = {row.found.pk for row in plan.rows if row.found is not None}
        rows = Driver.objects.filter(company=company).exclude(pk__in=kept)
        still = Q(valid_until_on=None) | Q(valid_until_on__gt=today)
        leavers = list(
            rows.filter(still).select_related("company", "operator").order_by("name", "pk")
        )
    return HrPlan(plan, leavers, sealed)


def take_over(*, company: Company, sealed: str, shown: str) -> Mapping[str, int]:
    """Do what was shown, in one transaction; refuses when anything else would be done now."""
    try:
        with transaction.atomic():
            return _taken(company, sealed, shown)
    except (ValidationError, BadValueError, IntegrityError, DataError) as error:
        raise RuleViolation(
            "import_failed",
            _("Nothing was changed: one of the values is somebody else's or not allowed."),
        ) from error


def _taken(company: Company, sealed: str, shown: str) -> Mapping[str, int]:
    Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    found = unseal(company=company, sealed=sealed)
    if found.digest != shown:
        raise RuleViolation("changed_meanwhile", _("Something changed meanwhile: look again."))
    if not found.is_good:
        raise RuleViolation("import_wrong", _("Correct the rows that are wrong first."))
    planner = spec_for(company).planner(company.operator)
    why = _("file of HR")
    for row in found.plan.rows:
        if row.kind in (CREATE, CHANGE):
            planner.store(row.values, row.found, reason=why)
    today = operator_day(company.operator)
    for driver in found.leavers:
        end_driver(driver=driver, on=today, reason=why)
    counts = {**found.plan.counts, "ended": len(found.leavers)}
    record("company.import_drivers", company, operator_id=company.operator_id, after=counts)
    return counts
