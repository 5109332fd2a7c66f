"""What anyone reads: DATEX II and OCPI documents, without log-in; with a key where one is asked."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_network
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from core.accounts.middleware import client_address
from core.accounts.models import Operator
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope
from customers.opendata.documents import KEPT_S, Document, document
from customers.opendata.facts import moment
from customers.opendata.models import OpenDataFeed
from customers.opendata.services import digest_of, note_fetch

MOST: Final = 1000
_OCPI: Final = frozenset({"locations", "tariffs"})


def _published(call: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run ``call(request, feed, ...)`` for an operator that publishes; 404 for every other."""

    @require_safe
    @wraps(call)
    def guarded(request: HttpRequest, slug: str, **values: Any) -> HttpResponse:
        operator = Operator.objects.filter(slug=slug, is_active=True).first()
        if operator is None:
            raise Http404
        with operator_scope(operator), limited_to(None):
            feed = OpenDataFeed.objects.filter(operator=operator, is_open=True).first()
            if feed is None:
                raise Http404
            if feed.key_digest and not _has_key(request, feed.key_digest):
                answer = JsonResponse({"status_code": 2001, "status_message": "A key is needed."})
                answer.status_code = 401
                answer["WWW-Authenticate"] = "Token"
                return answer
            feed.operator = operator
            return call(request, feed, **values)

    return guarded


def _has_key(request: HttpRequest, digest: str) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Token ").strip()
    return hmac.compare_digest(digest_of(given), digest)


@_published
def datex_document(request: HttpRequest, feed: OpenDataFeed, kind: str) -> HttpResponse:
    """The table of places, or the status of their points."""
    if kind not in ("table", "status"):
        raise Http404
    found = document(feed, f"datex-{kind}")
    return _sent(request, feed, f"datex-{kind}", found, found.data)


@_published
def ocpi_objects(request: HttpRequest, feed: OpenDataFeed, name: str) -> HttpResponse:
    """Locations or tariffs, in pages of ``limit`` from ``offset`` on."""
    if name not in _OCPI:
        raise Http404
    found = document(feed, name)
    offset, limit = _number(request, "offset", 0), _number(request, "limit", MOST)
    limit = max(1, min(limit, MOST))
    data = found.data[offset : offset + limit]
    answer = _sent(request, feed, name, found, _envelope(data), f"{offset}-{limit}")
    answer["X-Total-Count"], answer["X-Limit"] = str(len(found.data)), str(MOST)
    if offset + limit < len(found.data):
        address = request.build_absolute_uri(request.path)
        answer["Link"] = f'<{address}?offset={offset + limit}&limit={limit}>; rel="next"'
    return answer


@_published
def ocpi_object(request: HttpRequest, feed: OpenDataFeed, name: str, ref: str) -> HttpResponse:
    """One location or tariff."""
    if name not in _OCPI:
        raise Http404
    found = document(feed, name)
    one = next((row for row in found.data if row["id"] == ref), None)
    if one is None:
        raise Http404
    return _sent(request, feed, name, found, _envelope(one), ref)


def _number(request: HttpRequest, name: str, usual: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else usual


def _envelope(data: Any) -> dict[str, Any]:
    return {
        "data": data,
        "status_code": 1000,
        "status_message": "Success",
        "timestamp": moment(timezone.now()),
    }


def _sent(
    request: HttpRequest, feed: OpenDataFeed, name: str, found: Document, data: Any, part: str = ""
) -> HttpResponse:
    note_fetch(feed.operator, name, _reader(request), timezone.now())
    answer: HttpResponse = JsonResponse(data, safe=False)
    etag = f'W/"{found.digest[:32]}{digest_of(part)[:8]}"'
    changed = int(found.changed_at.timestamp())
    answer["ETag"], answer["Last-Modified"] = etag, http_date(changed)
    kind = "private" if feed.key_digest else "public"
    answer["Cache-Control"] = f"{kind}, max-age={KEPT_S[name]}"
    answer["Access-Control-Allow-Origin"] = "*"
    conditional = get_conditional_response(request, etag, changed, answer)
    return answer if conditional is None else conditional


def _reader(request: HttpRequest) -> str:
    """What the reader calls itself, and the network that it comes from: no person's address."""
    agent = request.headers.get("User-Agent", "").strip()[:60] or "?"
    address = client_address(request)
    if address is None:
        return agent
    size = 48 if ":" in address else 24
    return f"{agent} ({ip_network((address, size), strict=False)})"
