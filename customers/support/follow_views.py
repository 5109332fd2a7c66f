"""Pages that link cases to the incident that explains them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.confirming import Question, confirm
from core.forms import attempt, attempted, posted
from customers.support import following
from customers.support.follow_models import CaseIncident, FollowState
from customers.support.forms import AffectedForm, FollowForm, ToldForm
from customers.support.selectors import cases
from stations.incidents.selectors import incidents
from stations.incidents.words import title_of


@permission_required(Permission.CASE_WORK)
@require_http_methods(["GET", "POST"])
def case_follow(request: HttpRequest, public_id: str) -> HttpResponse:
    """Link a case to an incident; the text for the caller can be changed before."""
    case = get_object_or_404(cases(), public_id=public_id)
    offered = following.offered_incidents(case)
    first = offered.filter(public_id=request.GET.get("incident", "")).first() or offered.first()
    place = first if case.station else None  # without one the choice says where, on linking
    initial = following.prepared(case, place) if first else {}
    form = FollowForm(
        posted(request),
        incidents=offered,
        initial=initial | {"incident": first.public_id if first else ""},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: following.follow_incident(case=case, **values)) is not None:
            messages.success(request, _("The caller is told when it works again."))
            return redirect("case_detail", public_id=public_id)
    context = {"case": case, "form": form, "is_any": first is not None}
    return render(request, "customers/support/follow_form.html", context)


def _link(public_id: str, incident: str) -> CaseIncident:
    case = get_object_or_404(cases(), public_id=public_id)
    link = following.link_of(case, incident)
    if link is None:
        raise Http404
    return link


@permission_required(Permission.CASE_WORK)
@require_http_methods(["GET", "POST"])
def case_follow_edit(request: HttpRequest, public_id: str, incident: str) -> HttpResponse:
    """Change what the caller is told, while nobody has been."""
    link = _link(public_id, incident)
    initial = {name: getattr(link, name) for name in following.CHANGEABLE}
    form = ToldForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempted(form, lambda: following.change_follow(link=link, **values)):
            messages.success(request, _("Saved."))
            return redirect("case_detail", public_id=public_id)
    context = {
        "case": link.case, "form": form, "is_any": True, "link": link,
        "is_waiting": link.state == FollowState.WAITING,
    }  # fmt: skip
    return render(request, "customers/support/follow_form.html", context)


@permission_required(Permission.CASE_WORK)
@require_http_methods(["GET", "POST"])
def case_follow_drop(request: HttpRequest, public_id: str, incident: str) -> HttpResponse:
    """Take a link back."""
    link = _link(public_id, incident)
    question = Question(
        title=_("Take the case away from %(incident)s") % {"incident": title_of(link.incident)},
        consequence=_("The caller is not told when this incident is over."),
        verb=_("Take away"),
        done=_("The link is taken back."),
    )
    return confirm(
        request,
        question,
        lambda reason: following.drop_follow(link=link, reason=reason),
        back_url=reverse("case_detail", args=[public_id]),
        is_reason_needed=False,
    )


@permission_required(Permission.CASE_WORK)
@require_http_methods(["GET", "POST"])
def incident_cases(request: HttpRequest, public_id: str) -> HttpResponse:
    """Link open cases where the incident is, all at once."""
    incident = get_object_or_404(incidents(), public_id=public_id)
    affected = following.affected_cases(incident)[: following.MOST]
    keys = [case.pk for case in affected]
    form = AffectedForm(
        posted(request),
        affected=following.affected_cases(incident).filter(pk__in=keys),
        initial={
            "cases": [case.public_id for case in affected],
            "text_sv": following.usual_text("sv"),
            "text_en": following.usual_text("en"),
        },
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        texts = {"sv": values["text_sv"], "en": values["text_en"]}
        made = attempt(
            form,
            lambda: following.follow_many(incident=incident, cases=values["cases"], texts=texts),
        )
        if made is not None:
            words = ngettext("%(n)d case linked.", "%(n)d cases linked.", len(made))
            messages.success(request, words % {"n": len(made)})
            return redirect("incident_detail", public_id=public_id)
    context = {"incident": incident, "heading": title_of(incident), "form": form, "is_any": keys}
    return render(request, "customers/support/affected_form.html", context)
