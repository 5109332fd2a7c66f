"""Acting as a member or with an API token: with its rights, places and name, now or later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict

from core.accounts.middleware import client_address, enter_membership, enter_person
from core.accounts.models import ApiToken, Membership
from core.audit.models import ActorKind
from core.audit.services import Actor, current_actor
from core.logs import request_context
from core.tenancy.places import Holder, limited_to, place_source
from core.tenancy.scopes import operator_scope


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
    request.request_id = request_id  # type: ignore[attr-defined]  # read further down
    request.membership = membership  # type: ignore[attr-defined]  # set by the middleware
    request.operator = membership.operator  # type: ignore[attr-defined]  # read further down
    with ExitStack() as stack:
        enter_person(request, stack, request_id)
        enter_membership(stack, membership)
        stack.enter_context(
            request_context(request_id=request_id or None, operator_id=membership.operator_id)
        )
        yield request


def enter_token(stack: ExitStack, token: ApiToken, request: HttpRequest) -> None:
    """See what this token may see, and be it in the audit trail, until the stack closes."""
    stack.enter_context(operator_scope(token.operator))
    with limited_to(None):
        places = place_source().places_of(Holder.TOKEN, token.pk) if token.is_limited else None
    stack.enter_context(limited_to(places))
    actor = Actor(
        ActorKind.API_TOKEN,
        str(token),
        token.pk,
        getattr(request, "request_id", ""),
        client_address(request),
    )
    before = current_actor.set(actor)
    stack.callback(current_actor.reset, before)


@contextmanager
def acting_with(
    token: ApiToken, *, query: str = "", request_id: str = "", source_ip: str | None = None
) -> Iterator[HttpRequest]:
    """A request as it would come with this token now, inside its scope."""
    request = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(query)
    request.META["REMOTE_ADDR"] = source_ip or ""
    request.user = AnonymousUser()
    request.auth = token  # type: ignore[attr-defined]  # read further down
    request.request_id = request_id  # type: ignore[attr-defined]  # read further down
    request.membership = None  # type: ignore[attr-defined]  # set by the middleware
    request.operator = token.operator  # type: ignore[attr-defined]  # read further down
    with ExitStack() as stack:
        enter_token(stack, token, request)
        stack.enter_context(
            request_context(request_id=request_id or None, operator_id=token.operator_id)
        )
        yield request
