"""The review of one session, and deciding about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.rating.explain import explained_lines, explained_periods
from billing.rating.models import BillingState, SessionBilling
from billing.rating.session_facts import Correction
from billing.review import decisions, selectors
from billing.review.forms import CorrectionForm, RulesForm
from billing.review.models import Decision, DecisionKind, DecisionState
from billing.review.neighbours import neighbours_of
from billing.review.reasons import name_of, proposal, sentence
from billing.review.rules import change_rules, rules_for
from billing.review.services import request_retry
from core.accounts.decorators import permission_required
from core.accounts.middleware import has_permission, operator_of
from core.accounts.models import Operator
from core.accounts.permissions import Permission
from core.forms import ReasonForm, attempt, posted
from core.stale import StaleCheck
from stations.sessions.curve import curve
from stations.sessions.page import stretches


def find_billing(public_id: str) -> SessionBilling:
    """The billing row of a session of the operator; 404 when there is none."""
    row: SessionBilling = get_object_or_404(selectors.billings(), session__public_id=public_id)
    return row


@permission_required(Permission.REVIEW_VIEW)
@require_safe
def review_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """All that helps to decide: reasons, curve, timeline, tariff, lines, what was decided."""
    billing = find_billing(public_id)
    session, zone = billing.session, ZoneInfo(billing.session.station.site.time_zone)
    rated = decisions.current_of(billing)
    holds = [
        (one, name_of(one.code), sentence(one.code, one.params, zone))
        for one in selectors.holds(billing)
    ]
    codes = frozenset(one.code for one, _name, _text in holds if one.closed_at is None)
    made = list(selectors.decisions(billing))
    context = {
        "billing": billing,
        "session": session,
        "rated": rated,
        "zone": zone,
        "holds": [one for one in holds if one[0].closed_at is None],
        "past_holds": [one for one in holds if one[0].closed_at is not None],
        "proposal": proposal(codes, has_price=rated is not None),
        "lines": explained_lines(rated) if rated else [],
        "periods": explained_periods(rated) if rated else [],
        "points": curve(session),
        "stretches": stretches(session.intervals),
        "neighbours": neighbours_of(session),
        "corrected": Correction.from_dict(billing.correction),
        "decisions": made,
        "waiting": next((one for one in made if one.state == DecisionState.PROPOSED), None),
        "can_decide": has_permission(request, Permission.REVIEW_DECIDE),
        "can_see_journal": has_permission(request, Permission.JOURNAL_VIEW),
        "sees_account": has_permission(request, Permission.ACCOUNT_VIEW),
        "is_open": billing.state in (BillingState.HELD, BillingState.AWAITING_PRICE),
    }
    return render(request, "billing/review/review_detail.html", context)


_ASKED: Final[dict[str, tuple[Any, Any]]] = {
    "accept": (
        gettext_lazy("Accept"),
        gettext_lazy("The session is billed at the price that stands."),
    ),
    "correct": (
        gettext_lazy("Correct"),
        gettext_lazy(
            "What you give replaces what was measured, and the session is priced anew. "
            "The readings stay as they are."
        ),
    ),
    "waive": (
        gettext_lazy("Waive"),
        gettext_lazy("Nobody pays for this session. What was billed already is credited."),
    ),
    "drop": (
        gettext_lazy("Drop"),
        gettext_lazy("This was no real session: it is neither billed nor counted."),
    ),
}


@permission_required(Permission.REVIEW_DECIDE)
@require_http_methods(["GET", "POST"])
def review_decide(request: HttpRequest, public_id: str, decision: str) -> HttpResponse:
    """Accept, correct, waive or drop, with a reason."""
    if decision not in _ASKED:
        raise Http404
    billing = find_billing(public_id)
    form = (CorrectionForm if decision == "correct" else ReasonForm)(posted(request))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, _deciding(billing, decision, form))
        if made is not None:
            _tell(request, made)
            return redirect("review_detail", public_id=public_id)
    verb, consequence = _ASKED[decision]
    context = {
        "title": _("%(verb)s: session %(session)s") % {"verb": verb, "session": public_id},
        "consequence": consequence,
        "verb": verb,
        "form": form,
        "cancel_url": reverse("review_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


def _deciding(billing: SessionBilling, kind: str, form: forms.Form) -> Callable[[], Decision]:
    given = {"correction": form.correction()} if isinstance(form, CorrectionForm) else {}
    reason = form.cleaned_data["reason"]
    return lambda: decisions.decide(
        billing=billing, kind=DecisionKind(kind), reason=reason, **given
    )


def _tell(request: HttpRequest, decision: Decision) -> None:
    if decision.state == DecisionState.PROPOSED:
        messages.warning(request, _("A second person must agree before this is done."))
    else:
        messages.success(request, _("It has been decided."))


@permission_required(Permission.REVIEW_DECIDE)
@require_http_methods(["GET", "POST"])
def review_answer(request: HttpRequest, public_id: str, answer: str) -> HttpResponse:
    """Agree to what another person proposed, or refuse it with a reason."""
    billing = find_billing(public_id)
    waiting = selectors.decisions(billing).filter(state=DecisionState.PROPOSED).first()
    if waiting is None or answer not in ("agree", "refuse"):
        raise Http404
    agrees = answer == "agree"
    form = forms.Form(posted(request)) if agrees else ReasonForm(posted(request))
    by: Any = request.user
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: (
                decisions.agree(decision=waiting, by=by)
                if agrees
                else decisions.refuse(decision=waiting, by=by, reason=form.cleaned_data["reason"])
            ),
        )
        if done is not None:
            messages.success(request, _("It has been answered."))
            return redirect("review_detail", public_id=public_id)
    context = {
        "title": _("Agree to the decision") if agrees else _("Refuse the decision"),
        "consequence": _("%(who)s decided: %(what)s. Reason: %(why)s")
        % {
            "who": waiting.proposed_label,
            "what": waiting.get_kind_display(),
            "why": waiting.reason,
        },
        "verb": _("Agree") if agrees else _("Refuse"),
        "form": form,
        "cancel_url": reverse("review_detail", args=[public_id]),
    }
    return render(request, "confirm.html", context)


@permission_required(Permission.REVIEW_DECIDE)
@require_POST
def review_retry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rate the session again, soon."""
    request_retry(billing=find_billing(public_id))
    messages.success(request, _("The session is rated again within seconds."))
    return redirect("review_detail", public_id=public_id)


def _change_rules(form: RulesForm, operator: Operator, changes: dict[str, Any]) -> bool:
    return attempt(form, lambda: change_rules(operator=operator, **changes)) is not None


@permission_required(Permission.REVIEW_VIEW)
@require_http_methods(["GET", "POST"])
def review_rules(request: HttpRequest) -> HttpResponse:
    """The operator's limits; changed by those who decide."""
    operator = operator_of(request)
    can_edit = has_permission(request, Permission.REVIEW_DECIDE)
    form = RulesForm(posted(request) if can_edit else None, instance=rules_for(operator))
    check = StaleCheck(request, form, [rules_for(operator)])
    if request.method == "POST" and can_edit and form.is_valid():
        changes = check.changes()
        if changes is not None and _change_rules(form, operator, changes):
            messages.success(request, _("The rules have been changed."))
            return redirect("review_rules")
    context = {"form": form, "can_edit": can_edit} | check.context()
    return render(request, "billing/review/rules.html", context)
