"""What is answered when something fails of itself: a problem to callers of the API, else a page."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

from core.api.errors import MEDIA_TYPE, problem_body

API: Final = "/api/"


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of our own; the log has it under the request id."""
    if not request.path.startswith(API):
        return defaults.server_error(request)
    sentence = _("Something failed here, and it is our fault. The log has it as request %(id)s.")
    told = sentence % {"id": getattr(request, "request_id", "") or "-"}
    return _problem(500, "internal_error", told)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that is no proper one, such as one with a wrong host."""
    if not request.path.startswith(API):
        return defaults.bad_request(request, exception)
    return _problem(400, "bad_request", _("The request is malformed."))


def _problem(number: int, code: str, message: str) -> JsonResponse:
    status = HTTPStatus(number)
    return JsonResponse(problem_body(status, code, message), status=status, content_type=MEDIA_TYPE)
