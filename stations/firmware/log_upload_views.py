"""Where stations send logs: no log-in, a token in the address instead."""

from __future__ import annotations

from typing import IO, Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.errors import InvalidInput
from core.tenancy.scopes import across_operators
from stations.firmware import logs


@csrf_exempt
@require_http_methods(["PUT", "POST"])
def log_upload(request: HttpRequest, token: str, name: str = "") -> HttpResponse:
    """A log, as the body or as a file of a form; some stations add its name to the address.

    404 for a token that is unknown, used or over; 413 for more than 30 MB.
    """
    with across_operators("a station has no operator in scope; the token names one request"):
        log = logs.find_open(token)
        if log is None:
            return _answer(_("Nothing is awaited here."), 404)
        if _declared(request) > logs.LARGEST_BYTES + 4096:
            return _answer(_("The file is too large."), 413)
        stream, given = _content(request)
        try:
            taken = logs.take_file(log=log, stream=stream, name=(name or given)[:200])
        except InvalidInput as refusal:
            return _answer(refusal.message, 413 if refusal.code == "file_too_large" else 400)
    if taken is None:
        return _answer(_("Nothing is awaited here."), 404)
    return _answer(_("Received."), 201)


def _declared(request: HttpRequest) -> int:
    text = request.headers.get("Content-Length", "")
    return int(text) if text.isdigit() and len(text) < 19 else 0


def _content(request: HttpRequest) -> tuple[IO[bytes], str]:
    """The body, or the first file of a form."""
    if request.method == "POST" and request.content_type == "multipart/form-data":
        upload: Any = next(iter(request.FILES.values()), None)
        if upload is not None:
            return cast(IO[bytes], upload), str(upload.name or "")
    return cast(IO[bytes], request), ""


def _answer(text: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
