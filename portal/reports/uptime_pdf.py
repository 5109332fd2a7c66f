"""The uptime report on paper: figures side by side, a strip of days for each month, outages with
their causes. Figures are those of the page, written by the same words."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.invoices.pdf.texts import page_texts
from billing.invoices.pdf.typeset import typeset
from billing.invoices.pdf.writing import breakable
from core.accounts.models import Operator
from core.charts.columns import level
from core.files import store
from core.ui import units
from stations.sites.models import Site
from stations.templatetags.uptime import hours_text
from stations.uptime import selectors
from stations.uptime.day import local_day
from stations.uptime.forms import BY
from stations.uptime.models import Outage
from stations.uptime.selectors import UptimeReport, UptimeRow
from stations.uptime.words import duration, percent_text

TEMPLATE: Final = Path(__file__).resolve().parent / "uptime.typ"
MOST_ROWS: Final = 300
MOST_OUTAGES: Final = 500
SHADES: Final = 5


def uptime_pdf(
    *, operator: Operator, from_on: date, until_on: date, by: str, site: Site | None, language: str
) -> bytes:
    """A tagged PDF of the report in ``sv`` or ``en``."""
    report = selectors.uptime_report(from_on=from_on, until_on=until_on, by=by, site=site)
    zone = ZoneInfo(site.time_zone if site is not None else operator.time_zone)
    with translation.override(language), timezone.override(zone):
        view = {
            "lang": language,
            "title": _("Uptime of %(name)s") % {"name": site or operator.name},
            "about": _about(operator, from_on, until_on, site, zone),
            "facts": _facts(report),
            "notes": _notes(),
            "strips": _strips(from_on, until_on, site),
            "parts": [
                _rows(report, str(dict(BY)[by])),
                _causes(report),
                _outages(from_on, until_on, site, zone),
            ],
            "made": f"{operator.name} · {_stamp(timezone.now())}",
            "page_of": page_texts()["page_of"],
        }
    return typeset(TEMPLATE, breakable(view), on=until_on)


def uptime_name(operator: Operator, from_on: date, until_on: date, site: Site | None) -> str:
    """Whose and of which days, safe on every disk."""
    whose = str(site or operator.name)
    return store.clean_name(f"{_('Uptime')}-{whose}-{from_on}-{until_on}.x", ".pdf")


def _about(
    operator: Operator, from_on: date, until_on: date, site: Site | None, zone: ZoneInfo
) -> str:
    where = f"{operator.name}, {site}" if site is not None else f"{operator.name}, {_('All sites')}"
    return f"{where} · {from_on} – {until_on} · {_('days in the zone of each site')} · {zone.key}"


def _facts(report: UptimeReport) -> list[list[str]]:
    total, uk, visits = report.total, report.uk, report.visits
    ports = _("%(good)d of %(all)d") % {"good": total.good_ports, "all": total.ports}
    facts = [
        [_("Available"), percent_text(total.availability)],
        [_("Without excluded time"), percent_text(total.without_excluded)],
        [_("Ports above the limit of NEVI"), ports],
        [_("Rapid EVSEs reliable (UK)"), percent_text(uk.percent)],
        [_("UK 2023, unknown time left out"), percent_text(uk.measured_percent)],
        [_("Outages"), str(total.sums.starts)],
        [_("Mean outage"), hours_text(total.sums.restore_h)],
        [_("Between outages"), hours_text(total.sums.between_failures_h)],
        [_("EVSEs"), str(total.evses)],
    ]
    if visits is not None:
        facts += [
            [_("Visits with a charge"), percent_text(visits.success_percent)],
            [_("At the first attempt"), percent_text(visits.first_attempt_percent)],
        ]
    return facts


def _notes() -> list[str]:
    return [
        _("Available: of the time of which something is known. NEVI: twelve months back."),
        _("Percentages are cut, not rounded, so that none reaches a limit that was not met."),
    ]


def _strips(from_on: date, until_on: date, site: Site | None) -> dict[str, Any]:
    """A strip a month: how much of the known time of all EVSEs was down on each day."""
    rows = selectors.days(from_on, until_on, site).order_by().values_list("day_on")
    sums = rows.annotate(Sum("service_ms"), Sum("unknown_ms"), Sum("down_ms"))
    months: dict[str, list[int]] = {}
    for on, service, unknown, down in sums.order_by("day_on"):
        cells = months.setdefault(f"{on:%Y-%m}", [-1] * 31)
        known = service - unknown
        cells[on.day - 1] = level(down / known, SHADES) if known else -1
    keys = [units.percent(0)]
    keys += [f"≤ {units.percent(n / SHADES, 1)}" for n in range(1, SHADES + 1)]
    return {
        "title": _("Time down by day"),
        "alt": _("A strip for each month, a cell for each day, darker the longer it was down."),
        "key": _("From light to dark: %(shares)s of the known time.") % {"shares": ", ".join(keys)},
        "rows": [{"month": month, "cells": cells} for month, cells in months.items()],
    }


def _rows(report: UptimeReport, by_name: str) -> dict[str, Any]:
    return {
        "title": by_name,
        "none": _("No figures for this period"),
        "head": [
            by_name, _("EVSEs"), _("Available"), _("Without excluded time"),
            _("Lowest port (NEVI)"), _("Down"), _("Excluded"), _("Unknown"), _("Outages"),
        ],
        "numbers": list(range(1, 9)),
        "rows": [_row(one) for one in report.rows[:MOST_ROWS]],
        "note": _cut(len(report.rows), MOST_ROWS),
    }  # fmt: skip


def _row(one: UptimeRow) -> list[str]:
    return [
        one.label, str(one.evses), percent_text(one.availability),
        percent_text(one.without_excluded), percent_text(one.lowest), duration(one.sums.down),
        duration(one.sums.excluded), duration(one.sums.unknown), str(one.sums.starts),
    ]  # fmt: skip


def _causes(report: UptimeReport) -> dict[str, Any]:
    return {
        "title": _("By cause"),
        "none": _("No outage in this period"),
        "head": [_("Cause"), _("Down"), _("Share")],
        "numbers": [1, 2],
        "rows": [
            [one.label, duration(one.down_ms), percent_text(one.share)] for one in report.causes
        ],
        "note": "",
    }


def _outages(from_on: date, until_on: date, site: Site | None, zone: ZoneInfo) -> dict[str, Any]:
    begin, end = local_day(from_on, zone).start, local_day(until_on, zone).end
    found = selectors.outages().filter(Q(ended_at=None) | Q(ended_at__gt=begin), began_at__lt=end)
    if site is not None:
        found = found.filter(site=site)
    rows = list(found.order_by("began_at", "pk")[: MOST_OUTAGES + 1])
    return {
        "title": _("Outages"),
        "none": _("No outage in this period"),
        "head": [
            _("EVSE"), _("Began"), _("Ended"), _("Lasted"), _("Told by"), _("Cause"),
            _("Error code"),
        ],
        "numbers": [3],
        "rows": [_outage(one, site) for one in rows[:MOST_OUTAGES]],
        "note": _cut(len(rows), MOST_OUTAGES),
    }  # fmt: skip


def _outage(one: Outage, site: Site | None) -> list[str]:
    where = f"{one.station} / {one.evse.number}"
    length = getattr(one, "length", None)
    return [
        where if site is not None else f"{one.site}, {where}",
        _stamp(one.began_at),
        _stamp(one.ended_at) if one.ended_at else _("still going on"),
        units.duration(length) if length is not None else "–",
        str(one.get_kind_display()),
        str(one.get_cause_display()),
        one.error_code or "–",
    ]


def _stamp(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _cut(count: int, most: int) -> str:
    return _("The first %(most)d are shown; CSV has all.") % {"most": most} if count > most else ""
