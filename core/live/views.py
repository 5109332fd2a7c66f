"""The ticket for an event stream."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.accounts.middleware import has_permission
from core.live import tickets
from core.live.stream import STREAM_PATH
from core.live.topics import (
    MAX_TOPICS,
    MOST_NETWORK_TOPICS,
    NETWORK,
    live_scope,
    permission_for,
)
from core.tenancy.places import current_places


@require_GET
@never_cache
@login_required
def live_ticket(request: HttpRequest) -> HttpResponseBase:
    """``?topic=…&topic=…`` → ``{"url"}``; 403 when the role may not listen to one of them.

    Topics are heard within the person's operator and places alone; ids of others are mute.
    """
    operator = getattr(request, "operator", None)
    topics = request.GET.getlist("topic")
    if operator is None:
        raise PermissionDenied(_("You are not a member of an operator."))
    if not topics or len(topics) > MAX_TOPICS:
        return JsonResponse({"error": "Name 1 to 16 topics."}, status=400)
    for topic in topics:
        permission = permission_for(topic)
        if permission is None:
            return JsonResponse({"error": "There is no such topic."}, status=400)
        if not has_permission(request, permission):
            raise PermissionDenied(_("Your role may not do this."))
    heard, network = _within_places(topics)
    user_id = request.user.pk or 0
    url = stream_url(operator_id=operator.pk, user_id=user_id, topics=heard, network=network)
    return JsonResponse({"url": url})


def stream_url(
    *, operator_id: int, user_id: int, topics: Iterable[str], network: Iterable[str] = ()
) -> str:
    """The address at which these topics are heard, for a minute from now."""
    ticket = tickets.issue(operator_id=operator_id, user_id=user_id, topics=topics, network=network)
    return f"{STREAM_PATH}?{urlencode({'ticket': ticket})}"


def _within_places(topics: list[str]) -> tuple[Collection[str], list[str]]:
    """What a limited member hears: its places alone, and those as if they were the network."""
    if current_places() is None:
        return topics, []
    scope = live_scope()
    others = [topic for topic in topics if topic != NETWORK]
    network = scope.network()[:MOST_NETWORK_TOPICS] if NETWORK in topics else []
    return scope.visible(others), network
