"""A person's language, theme, time zone and chosen operator."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.accounts.models import Membership, Theme, User
from core.ui.zone_names import zone_names

_COOKIE_SECONDS = 365 * 24 * 3600


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form stood on; only within this site."""
    for target in (request.POST.get("next"), request.headers.get("Referer")):
        if target and url_has_allowed_host_and_scheme(
            target, {request.get_host()}, require_https=request.is_secure()
        ):
            return HttpResponseRedirect(target)
    return HttpResponseRedirect(reverse("home"))


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_COOKIE_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Language of the person, or of the browser for a guest."""
    language = request.POST.get("language", "")
    response = back(request)
    if language not in dict(settings.LANGUAGES):
        messages.error(request, _("There is no such language."))
        return response
    if isinstance(request.user, User):
        request.user.language = language
        request.user.save(update_fields=["language"])
    _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    translation.activate(language)
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or the system's; of the person, or of the browser for a guest."""
    theme = request.POST.get("theme", "")
    response = back(request)
    if theme not in Theme.values:
        messages.error(request, _("There is no such theme."))
        return response
    if isinstance(request.user, User):
        request.user.theme = theme
        request.user.save(update_fields=["theme"])
    _remember(response, "theme", theme)
    return response


@require_POST
@login_required
def set_time_zone(request: HttpRequest) -> HttpResponse:
    """Zone in which the person reads times; empty: the operator's."""
    zone = request.POST.get("time_zone", "").strip()
    response = back(request)
    if zone and zone not in zone_names():
        messages.error(request, _("There is no such time zone."))
        return response
    if isinstance(request.user, User):
        request.user.time_zone = zone
        request.user.save(update_fields=["time_zone"])
    return response


@require_POST
@login_required
def switch_operator(request: HttpRequest) -> HttpResponse:
    """Work for another operator that the person is a member of."""
    chosen = request.POST.get("operator", "")
    if not chosen.isdecimal() or int(chosen) not in {m.operator_id for m in _memberships(request)}:
        raise PermissionDenied(_("You are not a member of this operator."))
    request.session["operator_id"] = int(chosen)
    return HttpResponseRedirect(reverse("home"))


def _memberships(request: HttpRequest) -> list[Membership]:
    found: list[Membership] = getattr(request, "memberships", [])
    return found


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """The page of one's own settings."""
    context = {
        "themes": Theme.choices,
        "zones": sorted(z for z in zone_names() if "/" in z or z == "UTC"),
    }
    return render(request, "core/accounts/preferences.html", context)
