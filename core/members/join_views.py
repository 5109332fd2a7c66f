"""What an invited person sees: a new account, or the one they have, becomes a member."""

from __future__ import annotations

from urllib.parse import quote

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.middleware import client_address
from core.accounts.models import User
from core.errors import RuleViolation
from core.forms import attempt, posted
from core.members import invitations as services
from core.members.forms import JoinForm
from core.members.links import find_invitation
from core.members.models import Invitation, InvitationState
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page behind the link; says why when the link has ended."""
    invitation = find_invitation(token)
    if invitation is None or invitation.state != InvitationState.OPEN:
        state = invitation.state if invitation else ""
        return render(request, "core/members/join_ended.html", {"state": state}, status=404)
    with operator_scope(invitation.operator), limited_to(None):
        if isinstance(request.user, User):
            return _as_oneself(request, invitation, request.user)
        if services.account_of(invitation.email) is not None:
            login = f"{reverse('account_login')}?next={quote(request.path)}"
            context = {"invitation": invitation, "login_url": login}
            return render(request, "core/members/join_login.html", context)
        return _as_new(request, invitation)


def _as_oneself(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    is_invited = user.email.lower() == invitation.email.lower()
    if request.method == "POST" and is_invited:
        try:
            services.accept_as(invitation=invitation, user=user, source_ip=client_address(request))
        except RuleViolation as refusal:
            messages.error(request, refusal.message)
        else:
            request.session["operator_id"] = invitation.operator_id
            _greet(request, invitation)
            return redirect("home")
    context = {"invitation": invitation, "is_invited": is_invited}
    return render(request, "core/members/join_confirm.html", context)


def _as_new(request: HttpRequest, invitation: Invitation) -> HttpResponseBase:
    form = JoinForm(posted(request), initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        user = attempt(form, lambda: _make(request, invitation, form))
        if user is not None:
            request.session["operator_id"] = invitation.operator_id
            _greet(request, invitation)
            answer: HttpResponseBase = perform_login(request, user, email_verification="none")
            return answer
    return render(request, "core/members/join.html", {"invitation": invitation, "form": form})


def _make(request: HttpRequest, invitation: Invitation, form: JoinForm) -> User:
    return services.accept_as_new(
        invitation=invitation,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password"],
        source_ip=client_address(request),
    )


def _greet(request: HttpRequest, invitation: Invitation) -> None:
    messages.success(
        request, _("Welcome to %(operator)s.") % {"operator": invitation.operator.name}
    )
