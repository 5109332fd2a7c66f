"""A new operator has nothing, and every empty list says the next step."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from core.accounts.permissions import Role
from portal.tests.pages import Network
from portal.tests.routes import routes
from tests.factories.core import make_operator, make_person

pytestmark = pytest.mark.django_db
FILLED = {"member_list"}
"""Lists that are never empty: the owner stands in it."""


def test_every_empty_list_says_what_to_do(client: Client) -> None:
    network = Network()
    client.force_login(make_person(operator=make_operator(), role=Role.OWNER))
    lists = {name for name, _route, pattern in routes() if name.endswith("_list")}
    pages = {page.name: page for page in network.pages() if page.name in lists}

    assert len(pages) >= 10
    for name, page in pages.items():
        text = client.get(page.url).content.decode()
        shown = re.search(r'<div class="empty">.*?<h2>(.+?)</h2>(.*?)</div>', text, re.S)
        if name in FILLED:
            continue
        assert shown, name
        assert "<p>" in shown[2], f"{name} says nothing more than: {shown[1]}"
        for address in re.findall(r'<a class="btn[^>]*href="([^"]+)"', shown[2]):
            assert client.get(address).status_code == 200, (name, address)


def test_no_empty_list_offers_what_the_role_may_not(client: Client) -> None:
    client.force_login(make_person(operator=make_operator(), role=Role.VIEWER))

    for name in ("/sites/", "/stations/", "/sessions/", "/commands/", "/evses/"):
        text = client.get(name).content.decode()
        shown = re.search(r'<div class="empty">.*?</div>', text, re.S)
        assert shown, name
        for address in re.findall(r'href="([^"]+)"', shown[0].replace("icons.svg", "")):
            if address.startswith("/") and "static" not in address:
                assert client.get(address).status_code == 200, (name, address)
    home = client.get("/").content.decode()
    assert "No site yet" in home
