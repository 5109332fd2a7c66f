"""What every page template gets."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.accounts.middleware import has_permission
from core.accounts.models import Theme, User
from core.nav import Navigation, navigation
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
        "nav": _navigation(request) if membership else Navigation(),
        "membership": membership,
        "memberships": getattr(request, "memberships", []),
        "operator": getattr(request, "operator", None),
        "theme": theme if theme in Theme.values else Theme.SYSTEM,
        "languages": settings.LANGUAGES,
    }


def _navigation(request: HttpRequest) -> Navigation:
    entries = [entry for source in plugged("NAV_ENTRIES") for entry in source()]
    seen = [
        one
        for one in entries
        if (not one.permission or has_permission(request, one.permission))
        and not (one.unless and has_permission(request, one.unless))
    ]
    return navigation(seen, request.path, safe_url)
