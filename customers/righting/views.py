"""Putting a session right: what it leads to first, then it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import attempt, posted
from customers.righted.models import SessionRighting
from customers.righting.forms import BackForm, BeforeBillForm, form_for
from customers.righting.rule import Route
from customers.righting.services import (
    Done,
    finish,
    outcome,
    put_right,
    unfinished_of,
)
from customers.righting.standing import Position, position_of
from customers.righting.words import EXPLAINED, NEEDED, REFUSED, ROUTES
from stations.sessions.models import Session
from stations.sessions.page import find_session


def routes_for(request: HttpRequest, position: Position) -> tuple[Route, ...]:
    """Those open that the person may take."""
    return tuple(
        route
        for route in position.choice.routes
        if all(has_permission(request, needed) for needed in NEEDED[route])
    )


@permission_required(Permission.REVIEW_DECIDE)
@require_http_methods(["GET", "POST"])
def session_put_right(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where the session's money stands, which way is open, what it leads to; then it is done."""
    session = find_session(public_id)
    may_refund = all(has_permission(request, needed) for needed in NEEDED[Route.REFUND])
    if request.method == "POST" and "finish" in request.POST and may_refund:
        return _finished(request, session)
    position = position_of(session)
    routes = routes_for(request, position)
    context: dict[str, Any] = {
        "session": session,
        "position": position,
        "refused": REFUSED.get(position.choice.refused or "not_yours") if not routes else "",
        "explained": EXPLAINED.get(routes[0]) if routes else "",
        "before": list(
            SessionRighting.objects.filter(session=session).select_related("credit_note")
        ),
        "unfinished": unfinished_of(session) if may_refund else None,
    }
    if routes:
        form = form_for(position, routes, posted(request))
        if request.method == "POST" and form.is_valid():
            done = _posted(request, session, form, routes, context)
            if done is not None:
                return _told(request, session, done)
        context["form"] = form
    return render(request, "customers/righting/put_right.html", context)


def _posted(
    request: HttpRequest, session: Session, form: BackForm | BeforeBillForm,
    routes: tuple[Route, ...], context: dict[str, Any],
) -> Done | None:  # fmt: skip
    """Done where the person was sure; else what it leads to is in the context."""
    if form.cleaned_data["route"] not in routes:
        form.add_error(None, _("It stands otherwise by now."))
        return None
    wish, may_exceed = form.wish(), has_permission(request, Permission.PAYMENT_REFUND_ANY)
    if "sure" in request.POST:
        return attempt(
            form, lambda: put_right(session=session, wish=wish, may_exceed_limit=may_exceed)
        )
    context["outcome"] = attempt(
        form, lambda: outcome(session=session, wish=wish, may_exceed_limit=may_exceed)
    )
    context["route_name"] = ROUTES[wish.route]
    return None


def _finished(request: HttpRequest, session: Session) -> HttpResponse:
    """What of an earlier credit note did not go back to the card does so now."""
    may_exceed = has_permission(request, Permission.PAYMENT_REFUND_ANY)
    try:
        finish(session=session, may_exceed_limit=may_exceed)
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("What was left of it is on its way to the card."))
    return redirect("session_put_right", session.public_id)


def _told(request: HttpRequest, session: Session, done: Done) -> HttpResponse:
    if done.decision is not None and done.decision.state == "proposed":
        messages.warning(request, _("A second person must agree before this is done."))
        return redirect("review_detail", session.public_id)
    messages.success(request, _("The session has been put right."))
    return redirect("session_detail", session.public_id)
