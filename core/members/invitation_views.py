"""Invitations: the list, one of them, inviting, sending again, withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.models import User
from core.accounts.permissions import Permission, Role
from core.errors import RuleViolation
from core.forms import ReasonForm, attempt, posted
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.members import invitations as services
from core.members.filters import InvitationFilter
from core.members.forms import InviteForm
from core.members.models import Invitation
from core.members.selectors import invitations
from core.members.tables import InvitationTable
from core.tenancy.places import place_source

INVITATIONS = ListSpec(
    name="invitations",
    title=gettext_lazy("Invitations"),
    permission=Permission.PEOPLE_MANAGE,
    queryset=lambda _request: invitations(),
    filterset=InvitationFilter,
    table=InvitationTable,
    csv=(
        CsvColumn("email"),
        CsvColumn("name"),
        CsvColumn("role"),
        CsvColumn("is_limited"),
        CsvColumn("language"),
        CsvColumn("state", "shown_state"),
        CsvColumn("created_at"),
        CsvColumn("sent_at"),
        CsvColumn("expires_at"),
        CsvColumn("accepted_at"),
        CsvColumn("withdrawn_at"),
        CsvColumn("invited_by"),
    ),
    empty=EmptyText(
        gettext_lazy("Nobody has been invited yet"),
        gettext_lazy("An invited person sets a name and a password, or logs in, and is a member."),
        "invitation_create",
        gettext_lazy("Invite a person"),
        Permission.PEOPLE_MANAGE,
    ),
    search_hint=gettext_lazy("Name or e-mail address"),
    actions=(
        ListAction(
            gettext_lazy("Invite a person"),
            "invitation_create",
            permission=Permission.PEOPLE_MANAGE,
        ),
    ),
)

invitation_list = list_view(INVITATIONS)


def _invitation(pk: int) -> Invitation:
    invitation: Invitation = get_object_or_404(invitations(), pk=pk)
    return invitation


@permission_required(Permission.PEOPLE_MANAGE)
@require_safe
def invitation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An invitation with what may be done about it."""
    invitation = _invitation(pk)
    names = dict(place_source().choices())
    context = {
        "invitation": invitation,
        "sites": ", ".join(names[pk] for pk in invitation.places if pk in names),
        "is_open": invitation.accepted_at is None and invitation.withdrawn_at is None,
    }
    return render(request, "core/members/invitation_detail.html", context)


@permission_required(Permission.PEOPLE_MANAGE)
@require_http_methods(["GET", "POST"])
def invitation_create(request: HttpRequest) -> HttpResponse:
    """Invite a person."""
    operator = operator_of(request)
    form = InviteForm(posted(request), initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        by = request.user if isinstance(request.user, User) else None
        values = {**form.cleaned_data}
        values["places"] = values.pop("sites")
        made = attempt(form, lambda: services.invite(operator=operator, by=by, **values))
        if made is not None:
            messages.success(request, _("The invitation is on its way."))
            return redirect("invitation_detail", pk=made.pk)
    return render(request, "core/members/invitation_form.html", {"form": form})


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for: a role, and a site by its public id."""
    operator = operator_of(request)
    role = request.GET.get("role", "")
    sites = place_source().keys([request.GET.get("site", "")])
    return {
        "role": role if role in Role.values else Role.VIEWER,
        "language": operator.language,
        "is_limited": bool(sites),
        "sites": list(sites.values()),
    }


@permission_required(Permission.PEOPLE_MANAGE)
@require_POST
def invitation_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it again, with a new link."""
    try:
        services.resend(invitation=_invitation(pk))
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The invitation is on its way, with a new link."))
    return redirect("invitation_detail", pk=pk)


@permission_required(Permission.PEOPLE_MANAGE)
@require_http_methods(["GET", "POST"])
def invitation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the link useless, with a reason."""
    invitation = _invitation(pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        gone = attempt(form, lambda: services.withdraw(invitation=invitation, reason=reason))
        if gone is not None:
            messages.success(request, _("The invitation has been withdrawn."))
            return redirect("invitation_detail", pk=pk)
    context = {
        "title": _("Withdraw the invitation of %(email)s") % {"email": invitation.email},
        "consequence": _("The link in the e-mail ends at once. The person can be invited anew."),
        "verb": _("Withdraw"),
        "form": form,
        "cancel_url": reverse("invitation_detail", args=[pk]),
    }
    return render(request, "confirm.html", context)
