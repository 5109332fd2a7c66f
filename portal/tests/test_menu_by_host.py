"""The menu is made once a role, but apart where addresses lead elsewhere."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.urls import set_urlconf

from core.accounts.permissions import Role
from core.context import _entries, _navigation
from core.tenancy.scopes import across_operators
from tests.factories.core import make_operator, make_person


@pytest.mark.django_db
def test_addresses_of_another_kind_empty_no_menu_of_others() -> None:
    _entries.cache_clear()
    person = make_person(operator=make_operator(), role=Role.OWNER)
    with across_operators("tests read any operator's rows"):
        membership = person.memberships.get()
    request = RequestFactory().get("/")
    set_urlconf("allauth.urls")
    try:
        elsewhere = _navigation(request, membership)
    finally:
        set_urlconf(None)

    assert elsewhere.sections == ()
    assert len(_navigation(request, membership).sections) > 3
