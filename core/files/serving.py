"""Handing stored files out, so that no browser can be made to run them."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from core.files.store import load

_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


def file_response(path: str, *, content_type: str, name: str, inline: bool) -> HttpResponse:
    """The file; ``inline`` for pictures of ours alone, everything else is downloaded.

    Http404 when the storage has lost it.
    """
    data = load(path)
    if data is None:
        raise Http404(_("The file is no longer there."))
    response = HttpResponse(data, content_type=content_type)
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=300"
    return response


def pdf_response(data: bytes, name: str) -> HttpResponse:
    """A PDF that was made for this request, to be downloaded."""
    return made_response(data, name, "application/pdf")


def made_response(data: bytes, name: str, content_type: str) -> HttpResponse:
    """What is no stored upload but made here, to be downloaded and kept by no browser."""
    response = HttpResponse(data, content_type=content_type)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
