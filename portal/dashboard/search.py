"""Search over everything from the header: ids first, then names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from customers.tokens.selectors import search as search_tokens
from customers.tokens.selectors import tokens
from stations.commands.models import Command
from stations.hardware.fleet import search as search_stations
from stations.hardware.fleet import stations
from stations.sessions.models import Session
from stations.sites.models import Site

MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    label: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind, at most MOST, and where to see them all."""

    label: str | Promise
    icon: str
    all_url: str
    hits: list[Hit] = field(default_factory=list)


def _sites(text: str) -> list[Hit]:
    found = Site.objects.filter(
        Q(name__icontains=text) | Q(city__icontains=text) | Q(public_id=text)
    )
    return [
        Hit(site.name, site.city, reverse("site_detail", args=[site.public_id]))
        for site in found.order_by("name")[:MOST]
    ]


def _stations(text: str) -> list[Hit]:
    found = search_stations(stations(), text).order_by("name")[:MOST]
    return [
        Hit(str(s), f"{s.identity} · {s.site}", reverse("station_detail", args=[s.public_id]))
        for s in found
    ]


def _sessions(text: str) -> list[Hit]:
    found = Session.objects.select_related("station").filter(
        Q(public_id=text) | Q(ocpp_transaction_id=text) | Q(id_token__iexact=text)
    )
    return [
        Hit(
            s.public_id,
            f"{s.station} · {s.id_token}",
            reverse("session_detail", args=[s.public_id]),
        )
        for s in found.order_by("-first_received_at")[:MOST]
    ]


def _tokens(text: str) -> list[Hit]:
    return [
        Hit(str(token), token.uid, reverse("token_detail", args=[token.pk]))
        for token in search_tokens(tokens(), text)[:MOST]
    ]


def _commands(text: str) -> list[Hit]:
    found = Command.objects.select_related("station").filter(Q(public_id=text) | Q(message_id=text))
    return [
        Hit(str(c), str(c.station), reverse("command_detail", args=[c.public_id]))
        for c in found[:MOST]
    ]


Source = tuple[str | Promise, str, str, Permission, Callable[[str], list[Hit]]]
SOURCES: Final[tuple[Source, ...]] = (
    (_("Stations"), "charging-pile", "station_list", Permission.NETWORK_VIEW, _stations),
    (_("Sites"), "map-pin", "site_list", Permission.NETWORK_VIEW, _sites),
    (_("Sessions"), "bolt", "session_list", Permission.SESSION_VIEW, _sessions),
    (_("Id tokens"), "id-badge", "token_list", Permission.TOKEN_VIEW, _tokens),
    (_("Commands"), "terminal", "command_list", Permission.NETWORK_VIEW, _commands),
)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What matches ``q``; straight to the page when only one thing does."""
    text = request.GET.get("q", "").strip()[:100]
    groups = []
    for label, icon, list_url, permission, find in SOURCES:
        hits = find(text) if text and has_permission(request, permission) else []
        if hits:
            groups.append(Group(label, icon, f"{reverse(list_url)}?{urlencode({'q': text})}", hits))
    if len(groups) == 1 and len(groups[0].hits) == 1:
        return redirect(groups[0].hits[0].url)
    return render(request, "dashboard/search.html", {"search_text": text, "groups": groups})
