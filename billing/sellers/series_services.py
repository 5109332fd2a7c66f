"""Writing the number series of sellers."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from billing.problem import MoneyProblem
from billing.sellers.models import InvoiceSeries, Purpose, Seller, SeriesCounter
from billing.sellers.numbering import NumberFormat
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation

DEFAULT_SERIES: Final[dict[Purpose, tuple[str, str]]] = {
    Purpose.INVOICE: ("", "{year}-{number:6}"),
    Purpose.CREDIT_NOTE: ("K", "{series}{year}-{number:5}"),
    Purpose.SELF_BILLING: ("S", "{series}{year}-{number:5}"),
}
"""Code and pattern of the series that a new seller gets."""
_WIDTH: Final = re.compile(r"(\{number):\d+\}")
_LAST_START: Final = 99_999_999


def shape_of(code: str, pattern: str) -> str:
    """What two series that could write the same number have in common."""
    return _WIDTH.sub(r"\1}", pattern.replace("{series}", code))


def checked_pattern(code: str, pattern: str) -> tuple[str, str]:
    """Code and pattern in their stored form; InvalidInput for what cannot name invoices."""
    code, pattern = code.strip().upper(), pattern.strip()
    try:
        NumberFormat(pattern).written(code, date(2026, 12, 31), 1)
    except MoneyProblem as error:
        field = "code" if error.code == "number_series" else "pattern"
        raise InvalidInput(error.code, problem_sentence(error), field=field) from error
    if "{series}" in pattern and not code:
        raise InvalidInput(
            "series_code_missing", _("Give the series the letters that its numbers show."),
            field="code",
        )  # fmt: skip
    return code, pattern


def problem_sentence(problem: MoneyProblem) -> str:
    """What is wrong with a pattern, in the reader's language."""
    sentences = {
        "number_part": _("The pattern has a part that does not exist."),
        "number_once": _("The pattern holds {number} exactly once."),
        "number_twice": _("No part may stand twice in the pattern."),
        "number_month": _("A month needs its year in the pattern."),
        "number_signs": _("Only A-Z, 0-9 and / _ . - may stand between the parts."),
        "number_runs_on": _("Give {number} a width or a sign before it."),
        "number_too_long": _("Numbers have at most 30 signs."),
        "number_series": _("A series has at most 8 signs of A-Z and 0-9 and ends with a letter."),
    }
    return sentences.get(problem.code, problem.message)


@transaction.atomic
def set_series(
    *,
    seller: Seller,
    purpose: Purpose,
    pattern: str,
    code: str = "",
    last_number: int = 0,
    year: int | None = None,
    reason: str = "",
) -> InvoiceSeries:
    """Make this the active series for a kind of document; the one before is kept, inactive.

    A series without numbers is changed in place. ``last_number``: the last one used elsewhere,
    in ``year`` where the pattern starts again each year. Refuses a series that could write the
    numbers of another one of the seller.
    """
    code, pattern = checked_pattern(code, pattern)
    Seller.objects.select_for_update().get(pk=seller.pk)
    active = InvoiceSeries.objects.filter(seller=seller, purpose=purpose, is_active=True).first()
    if active is not None and (active.code, active.pattern) == (code, pattern):
        raise RuleViolation("nothing_changes", _("It is so already."))
    before = {"code": active.code, "pattern": active.pattern} if active else {}
    series = _placed(seller, purpose, active, code, pattern)
    if last_number:
        _start_after(series, last_number, year)
    record(
        "series.set",
        seller,
        operator_id=seller.operator_id,
        before=before,
        after={"purpose": purpose, "code": code, "pattern": pattern, "last_number": last_number},
        reason=reason,
    )
    return series


def _placed(
    seller: Seller, purpose: Purpose, active: InvoiceSeries | None, code: str, pattern: str
) -> InvoiceSeries:
    """The series, active: an unused one changed, a known one taken again, or a new one."""
    shape = shape_of(code, pattern)
    same: InvoiceSeries | None = InvoiceSeries.objects.filter(seller=seller, shape=shape).first()
    if same is not None and same != active and (
        same.purpose != purpose or (same.code, same.pattern) != (code, pattern)
    ):  # fmt: skip
        raise RuleViolation(
            "series_shape_taken",
            _("Another series of this seller writes the same numbers. Give it other letters."),
            field="pattern",
        )
    if active is not None and not active.counters.exists():
        if same is None or same == active:
            active.code, active.pattern, active.shape = code, pattern, shape
            active.save(update_fields=["code", "pattern", "shape"])
            return active
        active.delete()
    elif active is not None:
        InvoiceSeries.objects.filter(pk=active.pk).update(is_active=False)
    if same is not None and same != active:
        InvoiceSeries.objects.filter(pk=same.pk).update(is_active=True)
        same.is_active = True
        return same
    return _new(seller, purpose, code, pattern)


def _new(seller: Seller, purpose: Purpose, code: str, pattern: str) -> InvoiceSeries:
    series = InvoiceSeries(
        operator_id=seller.operator_id,
        seller=seller,
        purpose=purpose,
        code=code,
        pattern=pattern,
        shape=shape_of(code, pattern),
    )
    try:
        with transaction.atomic():
            series.save()
    except IntegrityError as error:
        raise RuleViolation(
            "series_shape_taken",
            _("Another series of this seller writes the same numbers. Give it other letters."),
            field="pattern",
        ) from error
    return series


def _start_after(series: InvoiceSeries, last_number: int, year: int | None) -> None:
    """Begin after a number that was used elsewhere; refuses once numbers were taken here."""
    restarts = NumberFormat(series.pattern).restarts
    if not 0 < last_number <= _LAST_START or restarts != (year is not None):
        raise InvalidInput(
            "series_start",
            _("Give the last number used, and its year where numbers start again each year."),
            field="last_number",
        )
    if series.counters.filter(year=year).exists():
        raise RuleViolation(
            "series_started", _("The series has numbers already."), field="last_number"
        )
    SeriesCounter.objects.create(
        operator_id=series.operator_id, series=series, year=year, last_number=last_number
    )


def give_default_series(seller: Seller) -> None:
    """The usual series of a new seller, one for each kind of document."""
    InvoiceSeries.objects.bulk_create(
        InvoiceSeries(
            operator_id=seller.operator_id,
            seller=seller,
            purpose=purpose,
            code=code,
            pattern=pattern,
            shape=shape_of(code, pattern),
        )
        for purpose, (code, pattern) in DEFAULT_SERIES.items()
    )
