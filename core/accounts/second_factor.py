"""Roles that need a second factor: until it is set up, nothing else is reachable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.accounts.models import Operator

KINDS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NEEDED: Final = _("Your role needs a second factor. Set it up first.")
_OPEN: Final = frozenset(
    {
        "second_factor_needed",
        "set_language",
        "set_theme",
        "switch_operator",
        "account_logout",
        "account_reauthenticate",
        "health-live",
        "health-ready",
    }
)


def roles_that_need_one(operator: Operator) -> list[str]:
    """What the operator chose, else what the installation says."""
    chosen: list[str] | None = operator.second_factor_roles
    return list(settings.SECOND_FACTOR_ROLES) if chosen is None else chosen


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the person's role needs a second factor that they have not set up."""
    membership = getattr(request, "membership", None)
    if membership is None or membership.role not in roles_that_need_one(membership.operator):
        return False
    return not Authenticator.objects.filter(user_id=membership.user_id, type__in=KINDS).exists()


class SecondFactorMiddleware:
    """Leads to the set-up instead of any page; the API refuses by its own authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing before the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """The page that leads to the set-up, unless the view is a part of it."""
        name = (request.resolver_match.url_name if request.resolver_match else "") or ""
        if name in _OPEN or name.startswith("mfa_") or hasattr(view, "cls"):
            return None
        if not lacks_second_factor(request):
            return None
        if name == "live_ticket":
            return JsonResponse({"error": str(NEEDED)}, status=403)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(_PAGE)})
        return redirect(_PAGE)


_PAGE: Final = "second_factor_needed"


@login_required
@require_safe
def needed(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed, and the ways to set one up."""
    if getattr(request, "membership", None) and not lacks_second_factor(request):
        return redirect("mfa_index")
    return render(request, "core/accounts/second_factor_needed.html")
