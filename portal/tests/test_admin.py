"""The stock admin: superusers look at every table and change none."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client, RequestFactory
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


def test_a_superuser_sees_every_table_and_row(
    root: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The bar lists every table on every page: half the time of this test.
    monkeypatch.setattr(admin.site, "enable_nav_sidebar", False)
    network = Network()
    make_api_token(operator=network.operator)
    assert root.get(reverse("admin:index")).status_code == 200
    looked_at = 0

    for model in admin.site._registry:
        assert root.get(address(model, "changelist"), {"q": "x"}).status_code == 200, model
        row = first_row(model)
        if row is not None:
            looked_at += 1
            assert root.get(address(model, "change", row.pk)).status_code == 200, model

    assert looked_at > 20


def test_a_superuser_changes_no_table(root: Client, rf: RequestFactory) -> None:
    """Each table's own answer; every way in is tried at tables of three kinds."""
    make_api_token(operator=Network().operator)
    request = rf.get("/admin/")
    request.user = User.objects.get(is_superuser=True)

    for model, its in admin.site._registry.items():
        row = model()
        assert its.has_view_permission(request, row), model
        assert not its.has_add_permission(request), model
        assert not its.has_change_permission(request, row), model
        assert not its.has_delete_permission(request, row), model
        assert not its.get_actions(request), model
    for model in (User, ApiToken, apps.get_model("stations.Station")):
        refuses_every_change(root, model, first_row(model))


def first_row(model: type[models.Model]) -> models.Model | None:
    with across_operators("the test looks at all of them"):
        return model._default_manager.order_by("pk").first()


def refuses_every_change(root: Client, model: type[models.Model], row: models.Model | None) -> None:
    assert row is not None
    with across_operators("the test looks at all of them"):
        count = model._default_manager.count()
    detail, gone = address(model, "change", row.pk), address(model, "delete", row.pk)

    assert root.get(address(model, "changelist")).status_code == 200
    assert root.get(address(model, "history", row.pk)).status_code == 200
    assert root.get(address(model, "add")).status_code == 403
    assert root.post(address(model, "add"), {}).status_code == 403
    assert root.post(detail, {"name": "changed"}).status_code == 403
    assert root.get(gone).status_code == 403
    assert root.post(gone, {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    root.post(address(model, "changelist"), bulk)

    with across_operators("the test looks at all of them"):
        assert model._default_manager.count() == count
        kept = model._default_manager.get(pk=row.pk)
        assert getattr(kept, "name", "") == getattr(row, "name", "")


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
