"""A study on paper: question, map before and after, the plan, why, money, what it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.invoices.pdf.typeset import typeset
from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.lists.export import file_name
from core.ui import units
from planning.studies.choices import Objective, StudyState
from planning.studies.models import Study
from planning.studies.parameters import parameters_from
from planning.studies.selectors import (
    ShownSite,
    drawings_of,
    phases_shown,
    pools_shown,
    roads_shown,
    shares_of,
    sites_of,
    stretches_shown,
    trials_of,
)
from planning.studies.views import find_study_or_404
from planning.studies.words import reach_text

TEMPLATE: Final = Path(__file__).resolve().parent / "report.typ"


@permission_required(Permission.PLANNING_VIEW)
@require_safe
def study_pdf(_request: HttpRequest, public_id: str) -> HttpResponse:
    """The report of a study that is done."""
    response = HttpResponse(
        report_pdf(find_study_or_404(public_id)), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'attachment; filename="{file_name("study", "pdf")}"'
    return response


def report_pdf(study: Study) -> bytes:
    """A tagged PDF in the active language; refused while there is no plan."""
    if study.state != StudyState.DONE:
        raise RuleViolation("study_not_done", _("The study has no plan to report."))
    ended = study.finished_at or study.created_at
    return typeset(TEMPLATE, view_of(study), on=timezone.localdate(ended))


def view_of(study: Study) -> dict[str, Any]:
    """Everything on paper, in its written form."""
    shown = sites_of(study)
    shares = shares_of(study)
    before, after = drawings_of(study, shown)
    return {
        "lang": "sv" if (get_language() or "en").startswith("sv") else "en",
        "title": str(study),
        "about": f"{study.operator.name} · {study.public_id} · {study.get_objective_display()}",
        "facts": [
            [_("Demand in reach today"), units.percent(shares["before"], 1)],
            [_("With the plan"), units.percent(shares["after"], 1)],
            [_("Sites"), str(len(shown))],
            [_("Gap to the best possible"), units.percent(study.gap, 2)],
        ],
        "maps": [
            [title, _svg(drawing, title)]
            for title, drawing in ((_("Today"), before), (_("With the plan"), after))
            if drawing is not None
        ],
        "legend": _(
            "Filled: reached; amber: reached in part; rings: not reached. The area of a circle "
            "goes with its energy; the 400 places with most are drawn."
        ),
        "plan": _plan(study, shown),
        "money": _money(study, shown),
        "phases": _phases(study, shown),
        "roads": _roads(study),
        "stretches": _stretches(study),
        "pools": _pools(study),
        "why_title": _("Why these sites"),
        "why": [_why(study, one) for one in shown],
        "unserved": _unserved(study),
        "trials": _trials(study),
        "question": _question(study),
        "layers": _layers(study),
        "made": _("Made %(when)s") % {"when": f"{timezone.localtime():%Y-%m-%d %H:%M}"},
        "page_of": _("Page %(page)s of %(pages)s"),
    }


def _svg(drawing: Any, label: str) -> str:
    return render_to_string("planning/studies/_drawing.html", {"drawing": drawing, "label": label})


def _number(value: Any, decimals: int = 0) -> str:
    return "–" if value is None else units.quantity(value, "", decimals=decimals).strip()


def _plan(study: Study, shown: list[ShownSite]) -> dict[str, Any]:
    head = [
        "", _("Site"), _("Adds"), _("Sells (MWh a year)"), _("EVSEs"),
        f"{_('Investment')} ({study.currency})",
        f"{_('Net present value')} ({study.currency})", _("Payback (years)"), _("Stays under"),
    ]  # fmt: skip
    return {"title": _("The plan"), "head": head, "rows": [_row(one) for one in shown]}


def _row(one: ShownSite) -> list[str]:
    worth, middle = one.worth, one.middle
    evses = worth.get("evses")
    return [
        str(one.row.rank),
        one.row.label,
        units.percent(one.adds_share, 1),
        _number(one.gets_mwh),
        f"{evses} × {_number(worth['power_kw'])} kW" if evses else "–",
        _number(middle.get("invested")),
        _number(middle.get("npv")),
        _number(middle.get("payback_years"), 1),
        f"{one.stays['kept']} / {one.stays['of']}" if one.stays.get("of") else "–",
    ]


def _money(study: Study, shown: list[ShownSite]) -> dict[str, Any]:
    """Each site in a low, a middle and a high case, and all of them together."""
    words = {"low": _("Low"), "middle": _("Middle"), "high": _("High")}
    rows = [
        [
            f"{one.row.rank}. {one.row.label}" if name == "low" else "",
            words[name],
            _number(case["invested"]),
            _number(case["npv"]),
            "–" if case["irr"] is None else units.percent(case["irr"], 1),
            _number(case["payback_years"], 1),
        ]
        for one in shown
        for name, case in one.money.items()
    ]
    rows += [
        [_("All sites") if name == "low" else "", words[name], *sums, "", ""]
        for name, sums in _money_sums(shown).items()
    ]
    return {
        "title": _("Money in three cases"),
        "head": [
            _("Site"), pgettext("of a calculation", "Case"),
            f"{_('Investment')} ({study.currency})", f"{_('Net present value')} ({study.currency})",
            _("Internal rate of return"), _("Payback (years)"),
        ],
        "rows": rows,
    }  # fmt: skip


def _money_sums(shown: list[ShownSite]) -> dict[str, list[str]]:
    cases = [one.money for one in shown if one.money]
    return {
        name: [_number(sum(one[name][figure] for one in cases)) for figure in ("invested", "npv")]
        for name in (cases[0] if len(cases) > 1 else ())
    }


def _phases(study: Study, shown: list[ShownSite]) -> dict[str, Any]:
    return {
        "title": _("Year by year"),
        "head": [
            _("Year"), _("Sites"), f"{_('Investment')} ({study.currency})", _("Demand in reach"),
        ],
        "rows": [
            [
                str(one.year),
                ", ".join(one.names),
                _number(one.invested),
                units.percent(one.share, 1),
            ]
            for one in phases_shown(study, shown)
        ],
    }  # fmt: skip


def _why(study: Study, one: ShownSite) -> list[str]:
    text = _(
        "It brings %(adds)s kWh a year into reach besides the sites before it; %(only)s kWh would "
        "be out of reach without it."
    ) % {"adds": _number(one.row.adds_kwh), "only": _number(one.row.only_kwh)}
    if one.worth.get("refused"):
        text += " " + _("The grid connection carries no EVSE.")
    elif one.worth.get("limited_by") == "grid":
        text += " " + _("The grid connection limits its size; more drivers wait than wanted.")
    if study.objective == Objective.TRAVEL:
        instead = _(
            "%(name)s, %(km)s km away, instead would add %(loses)s kWh·km of travel a year."
        )
    else:
        instead = _("%(name)s, %(km)s km away, instead would lose %(loses)s kWh a year.")
    for other in one.neighbours:
        text += " " + instead % {
            "name": other["label"], "km": _number(other["km"], 1),
            "loses": _number(other["loses_kwh"]),
        }  # fmt: skip
    return [f"{one.row.rank}. {one.row.label}", text]


def _roads(study: Study) -> dict[str, Any]:
    return {
        "title": _("Distances along roads"),
        "words": [0],
        "head": [
            _("Road"), "TEN-T", _("Towards"), _("Length (km)"), _("Stations"),
            _("Longest gap (km)"), _("Where"), _("At most 60 km by the end of"),
        ],
        "rows": [
            [
                one["road"], str(one["network"]), one["towards"], _number(one["km"], 1),
                str(one["stations"]), _number(one["gap_km"], 1), f"{one['from']} – {one['to']}",
                ". ".join(str(text) for text in (one["dates"], one["eases"]) if text) or "–",
            ]
            for one in roads_shown(study)
        ],
    }  # fmt: skip


def _stretches(study: Study) -> dict[str, Any]:
    return {
        "title": _("Stretches that are too long"),
        "head": [_("Road"), _("Towards"), _("Where"), _("Length (km)"), _("Over 60 km by (km)")],
        "rows": [
            [
                one["road"], one["towards"], f"{one['from']} – {one['to']}",
                _number(one["km"], 1), _number(one["misses_km"], 1),
            ]
            for one in stretches_shown(study)
        ],
    }  # fmt: skip


def _pools(study: Study) -> dict[str, Any]:
    return {
        "title": _("Power of pools"),
        "head": [
            _("Site"), "TEN-T", _("Direction"), _("Power (kW)"),
            _("What is wanted by the end of"),
        ],
        "rows": [
            [
                f"{one['name']} ({_('stands')})" if one["stands"] else one["name"],
                str(one["network"]), one["towards"], _number(one["power_kw"]), one["dates"],
            ]
            for one in pools_shown(study)
        ],
    }  # fmt: skip


def _unserved(study: Study) -> dict[str, Any]:
    return {
        "title": _("Demand that is not served"),
        "head": [_("Place"), _("kWh a year"), _("Nearest station (km)")],
        "rows": [
            [one["label"] or "–", _number(one["kwh"]), _number(one["km"], 1)]
            for one in study.result.get("unserved", [])[:15]
        ],
    }


def _trials(study: Study) -> dict[str, Any]:
    return {
        "title": _("Other assumptions"),
        "head": [_("Assumption"), _("Same sites"), _("Others instead")],
        "rows": [
            [str(one["name"]), str(len(one["kept"])), ", ".join(one["new"]) or "–"]
            for one in trials_of(study)
        ],
    }


def _question(study: Study) -> dict[str, Any]:
    asked = parameters_from(study.parameters)
    on_roads = study.objective == Objective.CORRIDOR
    budget = "–" if asked.budget is None else units.money(asked.budget, study.currency)
    rows = [
        [_("Number of sites"), "–" if asked.sites is None else str(asked.sites)],
        [_("Budget"), budget],
        [_("Reach"), reach_text(asked)],
        *([[_("Range of a car (km)"), _number(asked.range_km, 1)]] if on_roads else []),
        *([[_("Demand model"), asked.demand_model]] if asked.demand_model else []),
        [_("Fixed sites"), ", ".join(asked.fixed) or "–"],
        [_("Forbidden sites"), ", ".join(asked.forbidden) or "–"],
        [_("Version"), str(study.version)],
        [_("Asked by"), study.created_by or "–"],
        [_("Seed"), str(study.seed)],
        [_("Hash of the input"), study.input_sha256],
    ]
    return {"title": _("Question"), "rows": rows}


def _layers(study: Study) -> dict[str, Any]:
    used = study.used_layers.select_related("layer")
    return {
        "title": _("Layers"),
        "head": [_("Layer"), _("For"), _("Source"), _("Licence")],
        "rows": [
            [one.layer.name, one.get_role_display(), one.layer.source, one.layer.licence or "–"]
            for one in used
        ],
    }
