"""Errors of the API: one shape, with a code and a sentence a person can act on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import InvalidInput, RuleViolation

NON_FIELD = "non_field_errors"


class ErrorDetailSerializer(serializers.Serializer[Any]):
    """What went wrong: a stable code, a sentence, the input at fault if there is one."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(required=False)
    fields = serializers.DictField(required=False)  # type: ignore[assignment]


class ErrorSerializer(serializers.Serializer[Any]):
    """The one shape of every error."""

    error = ErrorDetailSerializer()


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """``{"error": {"code", "message", "field"?, "fields"?}}``.

    422 for input that is wrong in itself, 409 for refused rules and conflicts, 400 for a
    body that is no JSON; the rest as HTTP has it.
    """
    if isinstance(error, RuleViolation):
        return _rule(error)
    if isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(_messages(error))
    if isinstance(error, IntegrityError):
        return _answer(409, "conflict", _("Another row has one of these values already."))
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    response.data = {"error": {"code": _code(error), "message": _message(error)}}
    return response


def _rule(error: RuleViolation) -> Response:
    invalid = isinstance(error, InvalidInput)
    number = status.HTTP_422_UNPROCESSABLE_ENTITY if invalid else status.HTTP_409_CONFLICT
    more = {"field": error.field} if error.field else {}
    return _answer(number, error.code, str(error.message), **more)


def _invalid(error: exceptions.ValidationError) -> Response:
    detail: Any = error.detail
    fields = detail if isinstance(detail, dict) else {NON_FIELD: detail}
    name, sentence = _first(fields)
    more: dict[str, Any] = {"fields": fields}
    if name != NON_FIELD:
        more["field"] = name
    return _answer(status.HTTP_422_UNPROCESSABLE_ENTITY, "invalid", sentence, **more)


def _first(fields: dict[str, Any]) -> tuple[str, str]:
    """Name and sentence of the first problem, however deep it lies."""
    name, value = next(iter(fields.items()))
    while isinstance(value, dict | list) and value:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return str(name), str(value)


def _messages(error: DjangoValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {NON_FIELD: list(error.messages)}
    return {
        NON_FIELD if name == NON_FIELD_ERRORS else name: messages
        for name, messages in error.message_dict.items()
    }


def _code(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    return str(getattr(error, "default_code", "") or "permission_denied")


def _message(error: Exception) -> str:
    if isinstance(error, Http404):
        return _("There is no such thing here.")
    if isinstance(error, exceptions.APIException):
        return str(error.detail)
    return str(error) or _("Your role may not do this.")


def _answer(number: int, code: str, message: str, **more: Any) -> Response:
    return Response({"error": {"code": code, "message": message, **more}}, status=number)
