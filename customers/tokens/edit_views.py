"""Creating, changing, blocking and deleting an id token."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.stale import StaleCheck
from customers.companies.models import Company
from customers.limits.selectors import use_this_month
from customers.limits.words import hours_lines
from customers.tokens import services
from customers.tokens.forms import TokenForm
from customers.tokens.models import IdToken, TokenStatus
from customers.tokens.selectors import find_token, tokens
from customers.tokens.tables import owner_html
from stations.ocpp.models import AuthorisationAttempt
from stations.sessions.models import Session

_GIVEN = ("uid", "driver", "vehicle", "purpose", "kind")


def _token(pk: int) -> IdToken:
    token: IdToken = get_object_or_404(tokens(), pk=pk)
    return token


@permission_required(Permission.TOKEN_VIEW)
@require_safe
def token_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A token with its limits, its latest sessions and attempts."""
    token = _token(pk)
    presented = models.Q(id_token__iexact=token.uid)
    context = {
        "token": token,
        "shown_status": token.shown_status,
        "owner": owner_html(token),
        "hours": hours_lines(token.allowed_hours),
        "used": use_this_month(
            token, "token", token.uid, operator=_operator(request), now=timezone.now()
        ),
        "sessions": Session.objects.filter(presented)
        .select_related("station__site", "evse")
        .order_by("-first_received_at")[:10],
        "attempts": AuthorisationAttempt.objects.filter(presented)
        .select_related("station")
        .order_by("-at")[:10],
        "can_edit": has_permission(request, Permission.TOKEN_EDIT),
    }
    return render(request, "customers/tokens/token_detail.html", context)


@permission_required(Permission.TOKEN_EDIT)
@require_http_methods(["GET", "POST"])
def token_create(request: HttpRequest) -> HttpResponse:
    """A new token; a UID that exists is refused."""
    wanted = {name: request.GET.get(name, "") for name in _GIVEN}
    initial: dict[str, Any] = {name: value for name, value in wanted.items() if value}
    initial["company"] = Company.objects.filter(public_id=request.GET.get("company", "")).first()
    form = TokenForm(posted(request), initial=initial, operator=_operator(request))
    if request.method == "POST" and form.is_valid():
        if find_token(form.cleaned_data["uid"]) is not None:
            form.add_error("uid", _("There is a token with this UID."))
        else:
            token = attempt(form, lambda: _put(request, form.cleaned_data))
            if token is not None:
                messages.success(request, _("The token has been created."))
                return redirect("token_detail", pk=token.pk)
    return render(request, "customers/tokens/token_form.html", {"form": form, "token": None})


@permission_required(Permission.TOKEN_EDIT)
@require_http_methods(["GET", "POST"])
def token_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a token."""
    token = _token(pk)
    form = TokenForm(posted(request), instance=_token(pk), operator=_operator(request))
    check = StaleCheck(request, form, [token])
    if request.method == "POST" and form.is_valid():
        changes = check.changes()
        if changes is not None and _change(request, form, {**changes, "uid": token.uid}):
            messages.success(request, _("The token has been changed."))
            return redirect("token_detail", pk=pk)
    context = {"form": form, "token": token} | check.context()
    return render(request, "customers/tokens/token_form.html", context)


def _change(request: HttpRequest, form: TokenForm, values: dict[str, Any]) -> bool:
    return attempt(form, lambda: _put(request, values)) is not None


def _operator(request: HttpRequest) -> Operator:
    operator: Operator = operator_of(request)
    return operator


def _put(request: HttpRequest, values: dict[str, Any]) -> IdToken:
    token, _created = services.put_token(operator=_operator(request), **values)
    return token


@permission_required(Permission.TOKEN_EDIT)
@require_http_methods(["GET", "POST"])
def token_block(request: HttpRequest, pk: int) -> HttpResponse:
    """Block an active token, or make any other active again, with a reason."""
    token = _token(pk)
    blocks = token.status == TokenStatus.ACTIVE
    status = TokenStatus.BLOCKED if blocks else TokenStatus.ACTIVE
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = {"uid": token.uid, "status": status, "reason": form.cleaned_data["reason"]}
        if attempt(form, lambda: _put(request, values)) is not None:
            messages.success(
                request, _("The token is blocked.") if blocks else _("The token is active.")
            )
            return redirect("token_detail", pk=pk)
    context = {
        "title": (_("Block %(token)s") if blocks else _("Activate %(token)s")) % {"token": token},
        "consequence": _(
            "Stations refuse the token from now on. A session that runs goes on. Stations "
            "with a local list of their own may accept it until the list has been sent again."
        )
        if blocks
        else _("Stations accept the token again, within its limits."),
        "verb": _("Block") if blocks else _("Activate"),
        "form": form,
        "cancel_url": reverse("token_detail", args=[pk]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.TOKEN_EDIT)
@require_http_methods(["GET", "POST"])
def token_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a token, with a reason."""
    token = _token(pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.delete_token(token=token, reason=form.cleaned_data["reason"])
        messages.success(request, _("The token has been deleted."))
        return redirect("token_list")
    context = {
        "title": _("Delete %(token)s") % {"token": token},
        "consequence": _(
            "The token is unknown from now on and cannot be brought back. "
            "Sessions and authorisations keep what they stored of it. Block it to keep it."
        ),
        "verb": _("Delete"),
        "form": form,
        "cancel_url": reverse("token_detail", args=[pk]),
    }
    return render(request, "confirm.html", context)
