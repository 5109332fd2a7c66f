"""Errors of the API: one shape, with a code and a sentence a person can act on."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import RuleViolation


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """``{"error": {"code", "message", "field"?}}`` with 409 for refused rules."""
    if isinstance(error, RuleViolation):
        body = {"code": error.code, "message": str(error.message)}
        if error.field:
            body["field"] = error.field
        return Response({"error": body}, status=status.HTTP_409_CONFLICT)
    return exception_handler(error, context)
