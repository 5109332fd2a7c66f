"""Errors of the API have one shape, whatever went wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from django.http import Http404
from rest_framework import exceptions

from core.api.errors import handle
from core.errors import InvalidInput, RuleViolation

CASES: list[tuple[Exception, int, dict[str, Any]]] = [
    (RuleViolation("taken", "It is taken.", field="name"), 409, {"code": "taken", "field": "name"}),
    (InvalidInput("form", "No."), 422, {"code": "form", "message": "No."}),
    (IntegrityError("secret detail"), 409, {"code": "conflict"}),
    (Http404("secret detail"), 404, {"code": "not_found"}),
    (PermissionDenied(), 403, {"code": "permission_denied"}),
    (exceptions.NotFound(), 404, {"code": "not_found"}),
    (exceptions.NotAuthenticated(), 401, {"code": "not_authenticated"}),
    (exceptions.MethodNotAllowed("PUT"), 405, {"code": "method_not_allowed"}),
    (exceptions.ParseError("no"), 400, {"code": "parse_error", "message": "no"}),
    (exceptions.Throttled(wait=3), 429, {"code": "throttled"}),
    (
        exceptions.ValidationError({"a": ["Bad."], "b": ["Worse."]}),
        422,
        {
            "code": "invalid",
            "message": "Bad.",
            "field": "a",
            "fields": {"a": ["Bad."], "b": ["Worse."]},
        },
    ),
    (exceptions.ValidationError({"a": [{}, {"c": ["Deep."]}]}), 422, {"field": "a"}),
    (
        exceptions.ValidationError("Whole."),
        422,
        {"message": "Whole.", "fields": {"non_field_errors": ["Whole."]}},
    ),
    (DjangoValidationError({"name": ["Long."]}), 422, {"message": "Long.", "field": "name"}),
    (DjangoValidationError("Whole."), 422, {"message": "Whole."}),
]


@pytest.mark.parametrize(("error", "status", "expected"), CASES, ids=lambda v: type(v).__name__)
def test_one_shape(error: Exception, status: int, expected: dict[str, Any]) -> None:
    response = handle(error, {})

    assert response is not None
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    shown = {name: response.data[name] for name in ("type", "status", "code", "detail")}
    assert shown == {
        "type": "about:blank",
        "status": status,
        "code": response.data["error"]["code"],
        "detail": response.data["error"]["message"],
    }
    body = json.loads(json.dumps(response.data))["error"]
    assert {**body, **expected} == body
    assert body["message"]
    assert "secret" not in str(body)


def test_every_input_at_fault_is_named_by_a_pointer() -> None:
    error = exceptions.ValidationError(
        {"evses": [{}, {"number": ["Low."]}], "a/b": ["Odd."], "non_field_errors": ["Both."]}
    )

    response = handle(error, {})

    assert response is not None
    assert response.data["errors"] == [
        {"pointer": "/evses/1/number", "message": "Low."},
        {"pointer": "/a~1b", "message": "Odd."},
        {"pointer": "", "message": "Both."},
    ]


def test_a_rule_names_its_field_too() -> None:
    response = handle(RuleViolation("taken", "It is taken.", field="name"), {})

    assert response is not None
    assert response.data["errors"] == [{"pointer": "/name", "message": "It is taken."}]


def test_a_fault_of_our_own_is_not_dressed_up() -> None:
    assert handle(KeyError("x"), {}) is None
