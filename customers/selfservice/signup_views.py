"""Signing up at an operator that is open to strangers, and the operator's own setting for that."""

from __future__ import annotations

from urllib.parse import quote

from allauth.account.utils import perform_login
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import client_address, operator_of
from core.accounts.models import Operator, User
from core.accounts.permissions import Permission
from core.forms import attempt, attempted, posted
from core.members.invitations import account_of, make_account
from core.tenancy.places import limited_to
from core.tenancy.scopes import operator_scope
from customers.selfservice.forms import AgreeForm, EmailForm, JoinForm, SettingsForm
from customers.selfservice.logins import agree
from customers.selfservice.signup import (
    allows_sign_up,
    ask_to_join,
    become_driver,
    proven_address,
    set_up_portal,
)
from customers.selfservice.texts import not_agreed, shown_texts


def _open_operator(slug: str) -> Operator:
    operator = Operator.objects.filter(slug=slug, is_active=True).first()
    if operator is None:
        raise Http404
    with operator_scope(operator):
        if not allows_sign_up(operator):
            raise Http404
    return operator


@never_cache
@require_http_methods(["GET", "POST"])
def my_sign_up(request: HttpRequest, slug: str) -> HttpResponse:
    """An address, to which the way in is sent."""
    operator = _open_operator(slug)
    form = EmailForm(posted(request))
    is_sent = False
    if request.method == "POST" and form.is_valid():
        email, address = form.cleaned_data["email"], client_address(request)
        with operator_scope(operator), limited_to(None):
            is_sent = attempted(
                form, lambda: ask_to_join(operator=operator, email=email, address=address)
            )
    context = {"operator": operator, "form": form, "is_sent": is_sent}
    return render(request, "customers/selfservice/sign_up.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def my_sign_up_join(request: HttpRequest, slug: str, token: str) -> HttpResponseBase:
    """The page behind the mail: a new account, or the one that the address has."""
    operator = _open_operator(slug)
    email = proven_address(operator, token)
    if email is None:
        context = {"state": "expired"}
        return render(request, "core/members/join_ended.html", context, status=404)
    with operator_scope(operator), limited_to(None):
        user = request.user
        if isinstance(user, User):
            return _as_oneself(request, operator, user, email)
        if account_of(email) is not None:
            return redirect(f"{reverse('account_login')}?next={quote(request.path)}")
        return _as_new(request, operator, email)


def _as_new(request: HttpRequest, operator: Operator, email: str) -> HttpResponseBase:
    form = JoinForm(posted(request), texts=shown_texts(operator))
    if request.method == "POST" and form.is_valid():
        user = attempt(form, lambda: _made(request, operator, email, form))
        if user is not None:
            perform_login(request, user, email_verification="none")
            return redirect("my_home", operator.slug)
    return _page(request, operator, form, email)


@transaction.atomic
def _made(request: HttpRequest, operator: Operator, email: str, form: JoinForm) -> User:
    values = form.cleaned_data
    language = request.LANGUAGE_CODE or operator.language
    user = make_account(
        email=email, name=values["name"], password=values["password"], language=language
    )
    _become(request, operator, user, values["name"], form)
    return user


@transaction.atomic
def _become(
    request: HttpRequest, operator: Operator, user: User, name: str, form: AgreeForm
) -> None:
    become_driver(operator=operator, user=user, name=name)
    agree(user=user, texts=form.texts, source_ip=client_address(request))


def _as_oneself(
    request: HttpRequest, operator: Operator, user: User, email: str
) -> HttpResponseBase:
    if user.email.lower() != email.lower():
        raise Http404
    form = AgreeForm(posted(request), texts=not_agreed(operator, user))
    if request.method == "POST" and form.is_valid():
        name = user.name or email.partition("@")[0]
        if attempted(form, lambda: _become(request, operator, user, name, form)):
            return redirect("my_home", operator.slug)
    return _page(request, operator, form, email)


def _page(request: HttpRequest, operator: Operator, form: AgreeForm, email: str) -> HttpResponse:
    context = {"operator": operator, "form": form, "email": email, "texts": form.texts}
    return render(request, "customers/selfservice/sign_up_join.html", context)


@permission_required(Permission.OPERATOR_EDIT)
@require_http_methods(["GET", "POST"])
def portal_settings(request: HttpRequest) -> HttpResponse:
    """How the operator runs its customer portal."""
    operator = operator_of(request)
    form = SettingsForm(posted(request), initial={"allows_sign_up": allows_sign_up(operator)})
    if request.method == "POST" and form.is_valid():
        allows = form.cleaned_data["allows_sign_up"]
        if attempted(form, lambda: set_up_portal(operator=operator, allows=allows)):
            messages.success(request, _("Saved."))
            return redirect("portal_settings")
    context = {
        "form": form,
        "is_open": allows_sign_up(operator),
        "sign_up_url": request.build_absolute_uri(reverse("my_sign_up", args=[operator.slug])),
        "portal_url": request.build_absolute_uri(reverse("my_home", args=[operator.slug])),
    }
    return render(request, "customers/selfservice/portal_settings.html", context)
