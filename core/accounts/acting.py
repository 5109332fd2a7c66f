"""Doing later what a member asked for: with that member's rights, language, zone and name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.http import HttpRequest, QueryDict

from core.accounts.middleware import enter_membership, enter_person
from core.accounts.models import Membership
from core.logs import request_context


@contextmanager
def acting_for(
    membership: Membership, *, query: str = "", request_id: str = "", source_ip: str | None = None
) -> Iterator[HttpRequest]:
    """A request as the member would make it now, inside the operator's and the places' scope."""
    request = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(query)
    request.META["REMOTE_ADDR"] = source_ip or ""
    request.user = membership.user
    request.request_id = request_id  # type: ignore[attr-defined]
    request.membership = membership  # type: ignore[attr-defined]
    request.operator = membership.operator  # type: ignore[attr-defined]
    with ExitStack() as stack:
        enter_person(request, stack, request_id)
        enter_membership(stack, membership)
        stack.enter_context(
            request_context(request_id=request_id or None, operator_id=membership.operator_id)
        )
        yield request
