"""The stock admin: superusers look at every table and change none."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from core.accounts.models import ApiToken, User
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators
from portal.adminsite import ReadOnlyAdmin, has_two_keys
from portal.tests.pages import Network
from tests.architecture.test_database import own_models
from tests.factories.core import make_api_token, make_operator, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(make_person(operator=make_operator(), is_staff=True, is_superuser=True))
    return client


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_table_of_ours_is_registered_read_only() -> None:
    wanted = {model for model in own_models() if not has_two_keys(model)}

    assert wanted - set(admin.site._registry) == set()
    assert {type(one) for one in admin.site._registry.values()} == {ReadOnlyAdmin}


def test_a_superuser_sees_every_table_and_row_and_changes_none(
    root: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The bar lists every table on every page: half the time of this test.
    monkeypatch.setattr(admin.site, "enable_nav_sidebar", False)
    network = Network()
    make_api_token(operator=network.operator)
    assert root.get(reverse("admin:index")).status_code == 200
    looked_at = 0

    for model in admin.site._registry:
        found = root.get(address(model, "changelist"), {"q": "x"})
        assert found.status_code == 200, model
        assert root.get(address(model, "changelist")).status_code == 200, model
        assert root.get(address(model, "add")).status_code == 403, model
        assert root.post(address(model, "add"), {}).status_code == 403, model
        with across_operators("the test looks at all of them"):
            row = model._default_manager.order_by("pk").first()
            count = model._default_manager.count()
        if row is None:
            continue
        looked_at += 1
        detail = address(model, "change", row.pk)
        assert root.get(detail).status_code == 200, model
        assert root.get(address(model, "history", row.pk)).status_code == 200, model
        assert root.post(detail, {"name": "changed"}).status_code == 403, model
        assert root.get(address(model, "delete", row.pk)).status_code == 403, model
        assert root.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        bulk = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        root.post(address(model, "changelist"), bulk)
        with across_operators("the test looks at all of them"):
            assert model._default_manager.count() == count, model

    assert looked_at > 20


def test_no_secret_is_shown(root: Client) -> None:
    operator = make_operator()
    token, _secret = make_api_token(operator=operator)
    person = make_person(operator=operator, password="a-long-word-of-seven")

    shown = root.get(address(ApiToken, "change", token.pk)).content.decode()
    assert token.digest not in shown
    assert token.prefix in shown
    shown = root.get(address(User, "change", person.pk)).content.decode()
    assert person.password not in shown


def test_nobody_else_comes_in(client: Client) -> None:
    owner = make_person(operator=make_operator(), role=Role.OWNER, is_staff=True)
    client.force_login(owner)

    for model in (User, apps.get_model("stations.Station")):
        answer = client.get(address(model, "changelist"))
        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]
