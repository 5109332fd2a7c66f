"""The uptime report on paper: its figures are those of the page and of the API."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from tests.factories.api import api_client
from tests.factories.core import make_operator, make_person
from tests.factories.stations import make_site, make_station
from tests.factories.uptime import make_outage

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_paper_has_the_figures_of_the_page_and_the_outages_with_their_causes() -> None:
    operator = make_operator(name="Nordljus")
    quay = make_station(site=make_site(operator=operator, name="Quay"), name="Quay 1")
    make_station(site=make_site(operator=operator, name="Hill"), name="Hill 1")
    outage = make_outage(quay)
    olga = Client()
    olga.force_login(make_person(operator=operator, role="control_room", language="en"))
    query = "by=station"

    page = olga.get(f"/uptime/?{query}").content.decode()
    answer = olga.get(f"/uptime/pdf/?{query}")
    paper = text_of(answer.content)

    assert answer["Content-Type"] == "application/pdf"
    shown = set(re.findall(r"\d+\.\d\d %", page))
    assert "95.83 %" in shown
    assert shown <= set(re.findall(r"\d+\.\d\d %", paper))
    assert f'href="/uptime/pdf/?{query}"' in page
    assert all(
        word in paper for word in ("Uptime of Nordljus", "Quay 1 / 1", "Fault of the station")
    )
    assert f"{outage.began_at:%Y-%m}" in paper
    api = api_client(operator).get(f"/api/v1/uptime/pdf?{query}&language=en")
    assert re.findall(r"\d+\.\d\d %", text_of(api.content)) == re.findall(r"\d+\.\d\d %", paper)
    swedish = api_client(operator).get("/api/v1/uptime/pdf?language=sv")
    assert "95,83 %" in text_of(swedish.content)
    assert api_client(operator).get("/api/v1/uptime/pdf?language=fr").status_code == 422
    assert olga.get("/uptime/pdf/?by=moon").status_code == 400
