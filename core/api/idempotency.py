"""Calls that act at most once: the header Idempotency-Key.

The row of a key is stored before the call acts, so that of two calls at once only one acts.
What becomes of a call whose process died is not known; its key stays refused until it expires.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import Operator
from core.api.models import IdempotentCall
from core.api.parsers import BodyTooLarge
from core.api.throttling import caller_of
from core.errors import InvalidInput, RuleViolation
from core.sealing import Unreadable, seal, unseal

HEADER: Final = "Idempotency-Key"
KEPT_FOR: Final = timedelta(hours=24)
LONGEST: Final = 255
RUNNING_FOR: Final = timedelta(minutes=5)


class Answered(Exception):
    """The call acted before; ``response`` is what it answered then."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def claim(request: Request, operator: Operator) -> IdempotentCall | None:
    """The row of this call, to be completed with its answer; None without the header.

    Raises Answered when the call was made before, RuleViolation when another one with this
    key is running or its outcome is unknown, InvalidInput when the key was used for another
    request.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise InvalidInput(
            "idempotency_key_form",
            _("Idempotency-Key holds 1 to 255 printable ASCII characters."),
        )
    digest = _request_digest(request)
    now = timezone.now()
    caller, key_digest = caller_of(request), _sha256(key.encode())
    expired = IdempotentCall.objects.filter(
        caller=caller, key_digest=key_digest, expires_at__lte=now
    )
    expired.delete()
    call: IdempotentCall
    call, is_new = IdempotentCall.objects.get_or_create(
        operator=operator,
        caller=caller,
        key_digest=key_digest,
        defaults={"request_digest": digest, "created_at": now, "expires_at": now + KEPT_FOR},
    )
    if not is_new:
        raise _judge(call, digest, now)
    return call


def _judge(call: IdempotentCall, digest: str, now: datetime) -> Exception:
    if call.request_digest != digest:
        return InvalidInput(
            "idempotency_key_reused",
            _("This Idempotency-Key was used for another request. Use a new key for each."),
        )
    if call.status is None:
        return _unanswered(call, now)
    try:
        content = unseal(call.sealed_answer, _purpose(call))
    except Unreadable:
        return _unknown()
    return Answered(_response(call, content))


def _unanswered(call: IdempotentCall, now: datetime) -> RuleViolation:
    if now - call.created_at > RUNNING_FOR:
        return _unknown()
    return RuleViolation(
        "idempotency_in_progress",
        _("The first request with this Idempotency-Key is still running. Try again in a moment."),
    )


def _unknown() -> RuleViolation:
    return RuleViolation(
        "idempotency_unknown",
        _(
            "The first request with this Idempotency-Key ended without an answer. Look whether "
            "it took effect, then use a new key."
        ),
    )


def complete(call: IdempotentCall, response: Response) -> None:
    """Keep the answer for those who ask again; an answer of 500 and above is not kept."""
    if response.status_code >= status.HTTP_500_INTERNAL_SERVER_ERROR:
        return
    IdempotentCall.objects.filter(pk=call.pk, status=None).update(
        status=response.status_code,
        content_type=response.headers.get("Content-Type", ""),
        sealed_answer=seal(response.content, _purpose(call)),
    )


def drop_expired(*, now: datetime) -> int:
    """Forget calls whose time is over; returns how many."""
    count, _by_model = IdempotentCall.objects.filter(expires_at__lte=now).delete()
    return count


def _response(call: IdempotentCall, content: bytes) -> Response:
    """The first answer byte by byte; the header says that it is a repeat."""
    response = Response(status=call.status)
    response.headers["Content-Type"] = call.content_type
    response.headers["Idempotency-Replayed"] = "true"
    response.content = content
    return response


def _purpose(call: IdempotentCall) -> str:
    return f"idempotent-call:{call.key_digest}"


def _request_digest(request: Request) -> str:
    """Method, address and body."""
    plain = request._request
    where = f"{plain.method} {plain.get_full_path()}\n".encode()
    try:
        return _sha256(where + plain.body)
    except RequestDataTooBig as error:
        raise BodyTooLarge from error
    except RawPostDataException:  # a form that the check of its CSRF token has read already
        return _sha256(where + _form(plain))


def _form(plain: HttpRequest) -> bytes:
    parts = [repr(sorted(plain.POST.lists())).encode()]
    files: Any = plain.FILES
    for name, file in sorted(files.items()):
        parts.append(f"{name}:{file.name}:".encode())
        parts += [hashlib.sha256(chunk).digest() for chunk in file.chunks()]
        file.seek(0)
    return b"".join(parts)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(settings.SECRET_KEY.encode() + b"\0" + data).hexdigest()
