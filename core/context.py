"""What every page template gets."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf
from django.utils.translation import get_language

from core.accounts.models import Membership, Theme, User
from core.accounts.permissions import allowed
from core.nav import NavEntry, Navigation, navigation, with_addresses
from core.plugins import plugged
from core.templatetags.ui import safe_url


def page(request: HttpRequest) -> dict[str, Any]:
    """Navigation, theme, and the operators of the person."""
    membership = getattr(request, "membership", None)
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", Theme.SYSTEM)
    if isinstance(user, User):
        theme = user.theme
    return {
        "nav": _navigation(request, membership) if membership else Navigation(),
        "membership": membership,
        "memberships": getattr(request, "memberships", []),
        "operator": getattr(request, "operator", None),
        "theme": theme if theme in Theme.values else Theme.SYSTEM,
        "languages": settings.LANGUAGES,
    }


def _navigation(request: HttpRequest, membership: Membership) -> Navigation:
    entries = _entries(
        tuple(settings.NAV_ENTRIES),
        membership.role,
        membership.is_limited,
        get_language() or settings.LANGUAGE_CODE,
        get_script_prefix(),
        get_urlconf() or settings.ROOT_URLCONF,
    )
    return navigation(entries, request.path)


@lru_cache(maxsize=256)
def _entries(
    _sources: tuple[str, ...],
    role: str,
    is_limited: bool,
    _language: str,
    _prefix: str,
    _addresses: str,
) -> tuple[NavEntry, ...]:
    """What a role may see: the same on each page, and the dearest part of small ones. Hosts with
    addresses of their own (``urlconf``) lead elsewhere, or nowhere."""
    entries = [entry for source in plugged("NAV_ENTRIES") for entry in source()]
    seen = [
        one
        for one in entries
        if (not one.permission or allowed(role, one.permission, is_limited=is_limited))
        and not (one.unless and allowed(role, one.unless, is_limited=is_limited))
    ]
    return with_addresses(seen, safe_url)
