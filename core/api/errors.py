"""Errors of the API: problem details (RFC 9457) with a code and each input at fault by name."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import InvalidInput, RuleViolation

NON_FIELD = "non_field_errors"
MEDIA_TYPE: Final = "application/problem+json"


class FaultSerializer(serializers.Serializer[Any]):
    """One input at fault. ``pointer`` is a JSON pointer into the body; for a parameter of the
    address it is the name after a question mark; "" is the whole."""

    pointer = serializers.CharField()
    message = serializers.CharField()


class ErrorDetailSerializer(serializers.Serializer[Any]):
    """The same in the shape of the first version, kept for its clients."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(required=False)
    fields = serializers.DictField(required=False)  # type: ignore[assignment]  # also an attribute of fields


class ErrorSerializer(serializers.Serializer[Any]):
    """A problem (RFC 9457): ``code`` is stable, ``detail`` a sentence a person can act on."""

    type = serializers.CharField(help_text="Always about:blank; see code")
    title = serializers.CharField(help_text="The status in words")
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = FaultSerializer(many=True)  # type: ignore[assignment]  # also an attribute of fields
    error = ErrorDetailSerializer()


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """The problem of an exception; None for a fault of our own.

    422 for input that is wrong in itself, 409 for refused rules and conflicts, 400 for a
    body that is no JSON; the rest as HTTP has it.
    """
    if isinstance(error, RuleViolation):
        return _rule(error)
    if isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(_messages(error))
    if isinstance(error, IntegrityError):
        return problem(409, "conflict", _("Another row has one of these values already."))
    if isinstance(error, DataError):
        return problem(422, "invalid", _("A value is larger or longer than can be stored."))
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        made = _invalid(error, context)
    else:
        made = problem(response.status_code, _code(error), _message(error))
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            made.headers[name] = response.headers[name]
    return made


def problem(
    number: int,
    code: str,
    message: str,
    *,
    errors: list[dict[str, str]] | None = None,
    **more: Any,
) -> Response:
    """An answer that tells a problem; ``more`` goes to the older shape alone."""
    body = problem_body(number, code, message, errors=errors, **more)
    return Response(body, status=number, content_type=MEDIA_TYPE)


def problem_body(
    number: int,
    code: str,
    message: str,
    *,
    errors: list[dict[str, str]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The problem itself."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(number).phrase,
        "status": int(number),
        "detail": message,
        "code": code,
        "errors": errors or [],
        "error": {"code": code, "message": message, **more},
    }


def _rule(error: RuleViolation) -> Response:
    invalid = isinstance(error, InvalidInput)
    number = status.HTTP_422_UNPROCESSABLE_ENTITY if invalid else status.HTTP_409_CONFLICT
    message = str(error.message)
    if not error.field:
        return problem(number, error.code, message)
    errors = [{"pointer": _pointer(error.field.split(".")), "message": message}]
    return problem(number, error.code, message, errors=errors, field=error.field)


def _invalid(error: exceptions.ValidationError, context: dict[str, Any]) -> Response:
    detail: Any = error.detail
    fields = detail if isinstance(detail, dict) else {NON_FIELD: detail}
    request = context.get("request")
    in_address = request is not None and request.method in ("GET", "HEAD")
    errors = [
        {"pointer": "?" + ".".join(path) if in_address else _pointer(path), "message": message}
        for path, message in _faults(fields, ())
    ]
    name, sentence = _first(fields)
    more: dict[str, Any] = {"fields": fields}
    if name != NON_FIELD:
        more["field"] = name
    number = status.HTTP_422_UNPROCESSABLE_ENTITY
    return problem(number, "invalid", sentence, errors=errors, **more)


def _faults(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every message with the path to its input, in the order of the input."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _faults(inner, path if name == NON_FIELD else (*path, str(name)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            deeper = isinstance(inner, dict | list)
            yield from _faults(inner, (*path, str(number)) if deeper else path)
    else:
        yield path, str(value)


def _pointer(path: tuple[str, ...] | list[str]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)


def _first(fields: dict[str, Any]) -> tuple[str, str]:
    """Name and sentence of the first problem, however deep it lies."""
    for path, message in _faults(fields, ()):
        return (path[0] if path else NON_FIELD), message
    return NON_FIELD, _("The input is wrong.")


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
