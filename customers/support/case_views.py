"""The page of a case: what is known, what can be done, and the log."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission
from core.errors import RuleViolation
from core.forms import attempt as tried
from core.forms import attempted, posted
from customers.support import services
from customers.support.acting import do_action, goodwill_token, startable_tokens
from customers.support.actions import ACTIONS, Action, permitted
from customers.support.answers import answer_for, answers, language_of, write_note
from customers.support.following import links_of
from customers.support.forms import ActionForm, CloseForm, NoteForm, PickAnswerForm, TextForm
from customers.support.models import CaseOutcome, CaseState, SupportCase
from customers.support.ordering import order_from_case, orders_of
from customers.support.selectors import cases, log_of, subjects_of
from customers.support.situation import Situation, messages_of, situation_of
from customers.support.views import chosen, finding
from stations.ocpp.command_menu import unavailable
from stations.ocpp.models import AuthorisationAttempt


def _case(public_id: str) -> SupportCase:
    case: SupportCase = get_object_or_404(cases(), public_id=public_id)
    return case


def _live(request: HttpRequest, case: SupportCase) -> dict[str, Any]:
    situation = situation_of(subjects_of(case))
    works = has_permission(request, Permission.CASE_WORK)
    can_work = works and case.state == CaseState.OPEN
    return {
        "case": case,
        "s": situation,
        "log": log_of(case)[:100],
        "orders": orders_of(case)[:20] if has_permission(request, Permission.ORDER_VIEW) else [],
        "follows": links_of(case)[:20],
        "can_follow": works,
        "frames": messages_of(case) if has_permission(request, Permission.JOURNAL_VIEW) else [],
        "can_order": can_work and has_permission(request, Permission.ORDER_EDIT),
        "can_work": can_work,
        "actions": _offered(request, case, situation) if works else [],
        "topics": f"station.{case.station_id}" if case.station_id else "",
    }


def _offered(
    request: HttpRequest, case: SupportCase, situation: Situation
) -> list[tuple[Action, str, str]]:
    """Actions within the role's rights, each with its title and why it cannot be done now."""
    if case.state != CaseState.OPEN:
        return []
    return [
        (action, _(action.title), _why_not(action, case, situation))
        for action in ACTIONS.values()
        if permitted(action, lambda p: has_permission(request, p))
    ]


def _why_not(action: Action, case: SupportCase, situation: Situation) -> str:
    if case.station is None:
        return _("Find the EVSE first: the case has no place.")
    if case.evse is None and action.name not in ("restart", "stop"):
        return _("Find the EVSE first: the case names a station alone.")
    if away := unavailable(case.station):
        return away
    if action.name == "stop" and situation.running is None:
        return _("No session runs there.")
    if action.name == "start" and not any(
        verdict.token.status == "active" for verdict in situation.tokens
    ):
        return _("The person has no active card.")
    return ""


@permission_required(Permission.CASE_VIEW)
@require_safe
def case_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything about one case; ``q`` looks for more."""
    case = _case(public_id)
    return _page(request, case)


def _page(request: HttpRequest, case: SupportCase, note: NoteForm | None = None) -> HttpResponse:
    """The page of a case; ``note``: one that was refused, with what was written."""
    context = _live(request, case) | {"asked": request.GET.get("q", "")} | _writing(request, case)
    if context["can_work"] and context["asked"]:
        context["found"] = finding(request, context["asked"])
    if note is not None:
        context |= {"note_form": note, "is_refused": True}
    return render(request, "customers/support/case_detail.html", context)


def _writing(request: HttpRequest, case: SupportCase) -> dict[str, Any]:
    """The note's form, begun with the canned answer that was chosen."""
    known = list(answers())
    pick = PickAnswerForm(
        request.GET if "answer" in request.GET else None,
        answers=known,
        initial={"language": language_of(case)},
    )
    initial: dict[str, Any] = {}
    if pick.is_bound and pick.is_valid():
        values = pick.cleaned_data
        row = next(one for one in known if one.public_id == values["answer"])
        initial = {"text": answer_for(case, row, values["language"]), "is_shared": True}
    return {
        "note_form": NoteForm(initial=initial),
        "pick_form": pick if known else None,
        "begun": bool(initial),
        "can_edit_answers": has_permission(request, Permission.ANSWER_EDIT),
    }


@permission_required(Permission.CASE_VIEW)
@require_safe
def case_live(request: HttpRequest, public_id: str) -> HttpResponse:
    """Connector, actions and log, fetched again when something changed."""
    context = _live(request, _case(public_id))
    return render(request, "customers/support/_case_live.html", context)


@permission_required(Permission.CASE_WORK)
@require_POST
def case_link(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put what was found into the case."""
    case = _case(public_id)
    text, kind = request.POST.get("q", ""), request.POST.get("kind", "")
    one = chosen(finding(request, text), kind, request.POST.get("ref", ""))
    if one is None:
        raise Http404(_("That is not there any more."))
    _told(request, lambda: services.link_case(case=case, subjects=one.subjects), "")
    return redirect("case_detail", public_id=public_id)


@permission_required(Permission.CASE_WORK)
@require_POST
def case_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a note, or keep an attempt with the case."""
    case = _case(public_id)
    if number := request.POST.get("attempt", ""):
        pk = int(number) if number.isdecimal() and len(number) < 19 else 0
        row = get_object_or_404(AuthorisationAttempt.objects.all(), pk=pk)
        _told(request, lambda: services.note_attempt(case=case, attempt=row), _("Kept."))
        return redirect("case_detail", public_id=public_id)
    form = NoteForm(request.POST)
    if not form.is_valid() or not attempted(
        form, lambda: write_note(case=case, **form.cleaned_data)
    ):
        return _page(request, case, form)
    messages.success(request, _("Written."))
    return redirect("case_detail", public_id=public_id)


def _told(request: HttpRequest, call: Any, done: str) -> None:
    """Say what came of a call: ``done``, or why not."""
    try:
        call()
    except RuleViolation as refusal:
        messages.error(request, str(refusal.message))
    else:
        if done:
            messages.success(request, done)


@permission_required(Permission.CASE_WORK)
@require_http_methods(["GET", "POST"])
def case_action(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Confirm and send the command of an action."""
    case = _case(public_id)
    wanted = ACTIONS.get(action)
    if wanted is None:
        raise Http404(_("There is no such action."))
    if not permitted(wanted, lambda permission: has_permission(request, permission)):
        raise PermissionDenied(_("Your role may not do this."))
    form = ActionForm(posted(request), action=wanted, tokens=startable_tokens(case))
    if request.method == "POST" and form.is_valid():
        token, reason = form.chosen(), form.cleaned_data["reason"]
        done = tried(form, lambda: do_action(case=case, action=wanted, token=token, reason=reason))
        if done is not None:
            return redirect("case_detail", public_id=public_id)
    missing = wanted.name == "goodwill" and goodwill_token() is None
    context = {
        "title": f"{_(wanted.title)}: {case.evse or case.station or case}",
        "consequence": _(wanted.consequence),
        "verb": _(wanted.title),
        "form": form,
        "cancel_url": reverse("case_detail", args=[public_id]),
        "affected": [_("There is no active token with the purpose goodwill.")] if missing else [],
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.CASE_WORK)
@require_http_methods(["GET", "POST"])
def case_fault(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what the caller says is wrong."""
    case = _case(public_id)
    form = TextForm(posted(request))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if tried(form, lambda: services.report_fault(case=case, text=text)) is not None:
            messages.success(request, _("The fault has been reported."))
            return redirect("case_detail", public_id=public_id)
    context = {
        "title": _("Report a fault at %(place)s") % {"place": case.evse or case.station or case},
        "consequence": _("The report is kept with the case and found in the list of cases."),
        "verb": _("Report the fault"),
        "form": form,
        "cancel_url": reverse("case_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.ORDER_EDIT)
@require_POST
def case_order(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a work order of the report, and go there."""
    case = _case(public_id)
    if not has_permission(request, Permission.CASE_WORK):
        raise PermissionDenied(_("Your role may not do this."))
    try:
        order = order_from_case(case=case)
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
        return redirect("case_detail", public_id=public_id)
    messages.success(request, _("The work order has been made."))
    return redirect("order_detail", public_id=order.public_id)


@permission_required(Permission.CASE_WORK)
@require_http_methods(["GET", "POST"])
def case_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the case with its outcome, or open a closed one again."""
    case = _case(public_id)
    if case.state == CaseState.CLOSED:
        if request.method == "POST":
            _told(request, lambda: services.reopen_case(case=case), _("The case is open again."))
        return redirect("case_detail", public_id=public_id)
    form = CloseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        outcome, text = CaseOutcome(form.cleaned_data["outcome"]), form.cleaned_data["text"]
        closed = tried(form, lambda: services.close_case(case=case, outcome=outcome, text=text))
        if closed is not None:
            messages.success(request, _("The case is closed."))
            return redirect("case_list")
    context = {
        "title": _("Close case %(case)s") % {"case": case},
        "consequence": _("The case leaves the open ones. It can be opened again."),
        "verb": _("Close the case"),
        "form": form,
        "cancel_url": reverse("case_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)
