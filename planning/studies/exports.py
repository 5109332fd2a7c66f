"""A plan as GeoJSON and as CSV."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.lists.export import csv_response, file_name
from planning.studies.models import Study
from planning.studies.selectors import ShownSite, sites_of
from planning.studies.views import find_study_or_404

COLUMNS = (
    "rank", "name", "longitude", "latitude", "adds_kwh", "only_kwh", "gets_kwh", "evses",
    "power_kw", "grid_kw", "waits_longer", "limited_by", "currency", "invested", "npv_low", "npv",
    "npv_high", "irr", "payback_years", "stays_kept", "stays_of",
)  # fmt: skip


@permission_required(Permission.PLANNING_VIEW)
@require_safe
def study_geojson(_request: HttpRequest, public_id: str) -> HttpResponse:
    """The plan's sites and the demand that it does not serve."""
    study = find_study_or_404(public_id)
    response = HttpResponse(
        json.dumps(geojson_of(study), ensure_ascii=False), content_type="application/geo+json"
    )
    response["Content-Disposition"] = f'attachment; filename="{file_name("study", "geojson")}"'
    return response


@permission_required(Permission.PLANNING_VIEW)
@require_safe
def study_csv(_request: HttpRequest, public_id: str) -> HttpResponse:
    """The plan's sites, one a line."""
    study = find_study_or_404(public_id)
    rows = [row_of(study, one) for one in sites_of(study)]
    return csv_response("study", COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


def geojson_of(study: Study) -> dict[str, Any]:
    """A FeatureCollection; ``role`` is site or unserved."""
    sites = [
        _feature(one.row.longitude, one.row.latitude, {"role": "site", **row_of(study, one)})
        for one in sites_of(study)
    ]
    unserved = [
        _feature(
            one["longitude"],
            one["latitude"],
            {"role": "unserved", "name": one["label"], "kwh": one["kwh"], "km": one["km"]},
        )
        for one in study.result.get("unserved", [])
    ]
    return {"type": "FeatureCollection", "features": sites + unserved}


def row_of(study: Study, one: ShownSite) -> dict[str, Any]:
    """The figures of a site by the names of the file."""
    worth, money = one.worth, one.worth.get("money", {})
    middle = money.get("middle", {})
    return {
        "rank": one.row.rank,
        "name": one.row.label,
        "longitude": one.row.longitude,
        "latitude": one.row.latitude,
        "adds_kwh": round(one.row.adds_kwh),
        "only_kwh": round(one.row.only_kwh),
        "gets_kwh": round(one.row.gets_kwh),
        **{
            name: worth.get(name)
            for name in ("evses", "power_kw", "grid_kw", "waits_longer", "limited_by")
        },
        "currency": study.currency,
        "invested": middle.get("invested"),
        "npv_low": money.get("low", {}).get("npv"),
        "npv": middle.get("npv"),
        "npv_high": money.get("high", {}).get("npv"),
        "irr": middle.get("irr"),
        "payback_years": middle.get("payback_years"),
        "stays_kept": one.stays.get("kept"),
        "stays_of": one.stays.get("of"),
    }


def _feature(longitude: float, latitude: float, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": properties,
    }
