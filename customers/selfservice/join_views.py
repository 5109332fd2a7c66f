"""How people become customers: by invitation, or by themselves where the operator allows it."""

from __future__ import annotations

from urllib.parse import quote

from allauth.account.utils import perform_login
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.middleware import client_address
from core.accounts.models import User
from core.forms import attempt, attempted, posted
from core.members.invitations import account_of, make_account
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope
from customers.selfservice.forms import AgreeForm, JoinForm
from customers.selfservice.invitations import accept_invitation
from customers.selfservice.links import find_invitation, state_of
from customers.selfservice.logins import agree
from customers.selfservice.models import CustomerInvitation
from customers.selfservice.texts import not_agreed, shown_texts


@never_cache
@require_http_methods(["GET", "POST"])
def my_join(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page behind the link; says why when the link has ended."""
    invitation = find_invitation(token)
    state = state_of(invitation, timezone.now()) if invitation is not None else ""
    if invitation is None or state != "open":
        return render(request, "core/members/join_ended.html", {"state": state}, status=404)
    with operator_scope(invitation.operator), limited_to(None):
        if isinstance(request.user, User):
            return _as_oneself(request, invitation, request.user)
        if account_of(invitation.email) is not None:
            login = f"{reverse('account_login')}?next={quote(request.path)}"
            context = {"invitation": invitation, "login_url": login}
            return render(request, "core/members/join_login.html", context)
        return _as_new(request, invitation)


def _context(invitation: CustomerInvitation) -> dict[str, object]:
    return {
        "invitation": invitation,
        "operator": invitation.operator,
        "subject": invitation.driver or invitation.company,
        "texts": shown_texts(invitation.operator),
    }


def _as_oneself(request: HttpRequest, invitation: CustomerInvitation, user: User) -> HttpResponse:
    is_invited = user.email.lower() == invitation.email.lower()
    wanted = not_agreed(invitation.operator, user)
    form = AgreeForm(posted(request), texts=wanted)
    if (
        request.method == "POST"
        and is_invited
        and form.is_valid()
        and attempted(form, lambda: _accept(request, invitation, user, form))
    ):
        return _welcome(request, invitation)
    context = _context(invitation) | {"is_invited": is_invited, "form": form}
    return render(request, "customers/selfservice/join_confirm.html", context)


def _as_new(request: HttpRequest, invitation: CustomerInvitation) -> HttpResponseBase:
    texts = shown_texts(invitation.operator)
    name = invitation.driver.name if invitation.driver is not None else ""
    form = JoinForm(posted(request), texts=texts, initial={"name": name})
    if request.method == "POST" and form.is_valid():
        user = attempt(form, lambda: _make(request, invitation, form))
        if user is not None:
            perform_login(request, user, email_verification="none")
            return _welcome(request, invitation)
    context = _context(invitation) | {"form": form}
    return render(request, "customers/selfservice/join.html", context)


@transaction.atomic
def _accept(
    request: HttpRequest, invitation: CustomerInvitation, user: User, form: AgreeForm
) -> None:
    accept_invitation(invitation=invitation, user=user)
    agree(user=user, texts=form.texts, source_ip=client_address(request))


@transaction.atomic
def _make(request: HttpRequest, invitation: CustomerInvitation, form: JoinForm) -> User:
    user = make_account(
        email=invitation.email,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password"],
        language=request.LANGUAGE_CODE or invitation.language,
    )
    _accept(request, invitation, user, form)
    return user


def _welcome(request: HttpRequest, invitation: CustomerInvitation) -> HttpResponse:
    operator = invitation.operator
    messages.success(request, _("Welcome to %(operator)s.") % {"operator": operator.name})
    return redirect("my_home", operator.slug)
