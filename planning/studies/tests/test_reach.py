"""A reach given in minutes."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from core.accounts.models import Operator
from core.tenancy.scopes import operator_scope
from planning.layers.models import Layer
from planning.studies.models import Study
from planning.studies.parameters import Parameters, in_km, km_of
from planning.studies.report import view_of
from planning.studies.tests.asking import client_of, run

pytestmark = pytest.mark.django_db


def test_a_reach_in_minutes_is_made_km_once_and_told_as_asked(
    operator: Operator, layers: dict[str, list[Layer]]
) -> None:
    minutes = {"whole_min": "7.8", "last_min": "23.4", "speed_kmh": "40", "detour": "1.3"}
    client = client_of(operator)
    form = client.get(reverse("study_create")).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {"name": "Minutes", "sites": "2", "demand": [layers["demand"][0].pk]} | minutes

    sent = client.post(reverse("study_create"), data)

    assert sent.status_code == 302, sent.context["form"].errors
    with operator_scope(operator):
        study = Study.objects.get()
    assert (study.parameters["whole_km"], study.parameters["last_km"]) == (4, 12)
    run(study)
    page = client.get(sent["Location"]).content.decode()
    assert "7.8–23.4 minutes at 40 km/h, detour 1.3 (4–12 km)" in page
    told = client.get(f"/api/v1/studies/{study.public_id}/").json()["parameters"]
    assert (told["whole_min"], told["whole_km"]) == (7.8, 4)
    with operator_scope(operator):
        report = view_of(study)
    assert "7.8–23.4 minutes at 40 km/h" in json.dumps(report, ensure_ascii=False, default=str)


def test_minutes_take_speed_and_detour() -> None:
    assert km_of(15, 52, 1.3) == pytest.approx(10)
    assert in_km(Parameters(whole_km=7)) == Parameters(whole_km=7)
