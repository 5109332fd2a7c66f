"""Members: the list, one of them, changing, deactivating."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.decorators import permission_required
from core.accounts.models import Membership
from core.accounts.permissions import Permission, granted
from core.audit.models import AuditEntry
from core.forms import ReasonForm, attempt, posted
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.views import list_view
from core.members import services
from core.members.filters import MemberFilter
from core.members.forms import MemberForm
from core.members.selectors import members
from core.members.tables import MemberTable, sites_in_words
from core.tenancy.places import Holder, place_source

MEMBERS = ListSpec(
    name="members",
    title=gettext_lazy("Members"),
    permission=Permission.PEOPLE_MANAGE,
    queryset=lambda _request: members(),
    filterset=MemberFilter,
    table=MemberTable,
    csv=(
        CsvColumn("name", "user.name"),
        CsvColumn("email", "user.email"),
        CsvColumn("role"),
        CsvColumn("is_limited"),
        CsvColumn("sites", "site_names"),
        CsvColumn("is_active"),
        CsvColumn("has_second_factor"),
        CsvColumn("last_login", "user.last_login"),
        CsvColumn("created_at"),
    ),
    empty=EmptyText(
        gettext_lazy("No member yet"),
        gettext_lazy("Invite the people who work with the network."),
        "invitation_create",
        gettext_lazy("Invite a person"),
        Permission.PEOPLE_MANAGE,
    ),
    search_hint=gettext_lazy("Name or e-mail address"),
    actions=(
        ListAction(
            gettext_lazy("Invitations"),
            "invitation_list",
            "mail",
            Permission.PEOPLE_MANAGE,
            primary=False,
        ),
        ListAction(
            gettext_lazy("Second factors"),
            "member_second_factor",
            "shield-check",
            Permission.PEOPLE_MANAGE,
            primary=False,
        ),
        ListAction(
            gettext_lazy("Invite a person"),
            "invitation_create",
            permission=Permission.PEOPLE_MANAGE,
        ),
    ),
)

member_list = list_view(MEMBERS)


def _member(pk: int) -> Membership:
    member: Membership = get_object_or_404(members(), pk=pk)
    return member


@permission_required(Permission.PEOPLE_MANAGE)
@require_safe
def member_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A member: role, rights, sites, log-in, and what was changed about them."""
    member = _member(pk)
    entries = AuditEntry.objects.filter(
        object_type=member._meta.label_lower, object_id=str(member.pk)
    )
    context = {
        "member": member,
        "sites": sites_in_words(member),
        "rights": granted(member.role, is_limited=member.is_limited),
        "audit": entries.order_by("-at", "-id")[:10],
    }
    return render(request, "core/members/member_detail.html", context)


@permission_required(Permission.PEOPLE_MANAGE)
@require_http_methods(["GET", "POST"])
def member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another role, other sites."""
    member = _member(pk)
    initial = {
        "role": member.role,
        "is_limited": member.is_limited,
        "sites": sorted(place_source().places_of(Holder.MEMBER, member.pk)),
    }
    form = MemberForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data}
        values["places"] = values.pop("sites")
        if attempt(form, lambda: services.change_member(membership=member, **values)) is not None:
            messages.success(request, _("The member has been changed."))
            return redirect("member_detail", pk=pk)
    return render(request, "core/members/member_form.html", {"form": form, "member": member})


@permission_required(Permission.PEOPLE_MANAGE)
@require_http_methods(["GET", "POST"])
def member_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the access away, with a reason."""
    member = _member(pk)
    context = {
        "title": _("Deactivate %(member)s") % {"member": member.user},
        "consequence": _(
            "The person loses access to this operator at once. What they did stays in the audit "
            "trail, and they can be reactivated with the same rights."
        ),
        "verb": _("Deactivate"),
    }
    return _with_reason(request, member, services.deactivate_member, context)


@permission_required(Permission.PEOPLE_MANAGE)
@require_http_methods(["GET", "POST"])
def member_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the access back, with a reason."""
    member = _member(pk)
    context = {
        "title": _("Reactivate %(member)s") % {"member": member.user},
        "consequence": _("The person gets access again, with the same role and sites as before."),
        "verb": _("Reactivate"),
    }
    return _with_reason(request, member, services.reactivate_member, context)


def _with_reason(
    request: HttpRequest,
    member: Membership,
    act: Callable[..., Membership],
    texts: Mapping[str, str],
) -> HttpResponse:
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: act(membership=member, reason=reason)) is not None:
            messages.success(request, _("The member has been changed."))
            return redirect("member_detail", pk=member.pk)
    cancel_url = reverse("member_detail", args=[member.pk])
    context = {**texts, "form": form, "cancel_url": cancel_url}
    return render(request, "confirm.html", context)
