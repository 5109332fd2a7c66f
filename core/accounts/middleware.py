"""Puts operator, membership, language, zone and actor of the person on each request."""

from __future__ import annotations

import ipaddress
import uuid
import zoneinfo
from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.accounts.models import ApiToken, Membership, Operator, User
from core.accounts.permissions import allowed
from core.audit.models import ActorKind
from core.audit.services import Actor, current_actor
from core.logs import request_context
from core.tenancy.places import Holder, limited_to, place_source
from core.tenancy.scopes import across_operators, operator_scope
from core.ui.zone_names import zone_names

GetResponse = Callable[[HttpRequest], HttpResponse]


class MemberMiddleware:
    """After authentication: choose the operator and run the request inside its scope."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request as the person who sent it."""
        request_id = request.headers.get("X-Request-Id", "")[:64] or uuid.uuid4().hex
        memberships = _memberships(request)
        membership = _chosen(request, memberships)
        request.request_id = request_id  # type: ignore[attr-defined]  # read further down
        request.memberships = memberships  # type: ignore[attr-defined]  # set by the middleware
        request.membership = membership  # type: ignore[attr-defined]  # set by the middleware
        request.operator = membership.operator if membership else None  # type: ignore[attr-defined]  # read further down
        with ExitStack() as stack:
            enter_person(request, stack, request_id)
            if membership:
                enter_membership(stack, membership)
            stack.enter_context(
                request_context(
                    request_id=request_id,
                    operator_id=membership.operator_id if membership else None,
                )
            )
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


def enter_membership(stack: ExitStack, membership: Membership) -> None:
    """See what this member may see: its operator's rows, of its places when it is limited,
    whatever was in scope before."""
    stack.enter_context(operator_scope(membership.operator))
    stack.enter_context(limited_to(None))
    if membership.is_limited:
        places = place_source().places_of(Holder.MEMBER, membership.pk)
        stack.enter_context(limited_to(places))


def _memberships(request: HttpRequest) -> list[Membership]:
    """All that the person has, by name of the operator; of operators that are active."""
    if not isinstance(request.user, User):
        return []
    with across_operators("a person may belong to several operators"):
        return list(
            Membership.objects.select_related("operator")
            .filter(user=request.user, is_active=True, operator__is_active=True)
            .order_by("operator__name", "pk")
        )


def _chosen(request: HttpRequest, memberships: list[Membership]) -> Membership | None:
    """The one of the operator that was chosen, else the first."""
    if not memberships:
        return None
    chosen = request.session.get("operator_id")
    return next((m for m in memberships if m.operator_id == chosen), memberships[0])


def enter_person(request: HttpRequest, stack: ExitStack, request_id: str) -> None:
    """Language, zone and actor of the person behind the request, until the stack closes."""
    user = request.user
    if not isinstance(user, User):
        return
    zone = user.time_zone or _operator_zone(request)
    if zone in zone_names():
        stack.enter_context(timezone.override(zoneinfo.ZoneInfo(zone)))
    if user.language in dict(settings.LANGUAGES):
        stack.enter_context(translation.override(user.language))
        request.LANGUAGE_CODE = user.language
    token = current_actor.set(
        Actor(
            ActorKind.PERSON,
            f"{user.name} <{user.email}>" if user.name else user.email,
            user.pk,
            request_id,
            client_address(request),
        )
    )
    stack.callback(current_actor.reset, token)


def _operator_zone(request: HttpRequest) -> str:
    operator = getattr(request, "operator", None)
    return operator.time_zone if operator else settings.TIME_ZONE


def client_address(request: HttpRequest) -> str | None:
    """Address of the client; X-Forwarded-For only counts behind a proxy we know."""
    peer = request.META.get("REMOTE_ADDR") or ""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    while peer in settings.TRUSTED_PROXIES and forwarded:
        peer = forwarded.pop() or peer
    try:
        return str(ipaddress.ip_address(peer))
    except ValueError:
        return None


def client_network(request: HttpRequest) -> str:
    """By what tries of a client are counted: its IPv4 address, or the /64 of an IPv6 one, within
    which a single line has as many addresses as it likes."""
    found = client_address(request)
    if found is None:
        return "unknown"
    address = ipaddress.ip_address(found)
    if isinstance(address, ipaddress.IPv4Address):
        return found
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False))


def operator_of(request: HttpRequest) -> Operator:
    """The operator the person works for; PermissionDenied where there is none."""
    operator: Operator | None = getattr(request, "operator", None)
    if operator is None:
        raise PermissionDenied(_("Your role may not do this."))
    return operator


def has_permission(request: HttpRequest, permission: str) -> bool:
    """Whether the token, or the person for the chosen operator, may do this."""
    token = getattr(request, "auth", None)
    if isinstance(token, ApiToken):
        return token.may(permission)
    membership = getattr(request, "membership", None)
    return bool(
        membership and allowed(membership.role, permission, is_limited=membership.is_limited)
    )
