"""REST: members and invitations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import Membership, User
from core.accounts.permissions import Permission
from core.api.fields import ReasonSerializer
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.members import invitations as inviting
from core.members import services
from core.members.filters import InvitationFilter, MemberFilter
from core.members.models import Invitation
from core.members.selectors import invitations, members
from core.members.serializers import (
    InvitationSerializer,
    InviteSerializer,
    MemberSerializer,
    MemberWriteSerializer,
)
from core.tenancy.places import Holder, place_source

MANAGE = Permission.PEOPLE_MANAGE


class MemberList(ListView):
    """All members, by name."""

    read_permission = MANAGE
    serializer_class = MemberSerializer
    filterset_class = MemberFilter

    def rows(self) -> QuerySet[Membership]:
        """Members of the caller's operator."""
        return members()


class MemberDetail(DetailView):
    """One member; PATCH changes role and sites."""

    read_permission = MANAGE
    write_permission = MANAGE
    serializer_class = MemberSerializer

    def get_object(self) -> Membership:
        """The caller's own member, or 404."""
        member: Membership = get_object_or_404(members(), pk=self.kwargs["number"])
        return member

    @extend_schema(request=MemberWriteSerializer, responses=MemberSerializer)
    def patch(self, request: Request, number: str) -> Response:
        """Change a member; 409 for the role of the last owner."""
        member = self.get_object()
        given = MemberWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {"role": member.role, "is_limited": member.is_limited}
        values |= given.validated_data
        sites = values.pop("sites", None)
        values["places"] = (
            place_source().places_of(Holder.MEMBER, member.pk) if sites is None else sites
        )
        services.change_member(membership=member, **values)
        return Response(MemberSerializer(self.get_object()).data)


class _MemberAction(ScopedView):
    """POST with a reason does one thing to a member."""

    write_permission = MANAGE
    act: Callable[..., Membership]

    @extend_schema(request=ReasonSerializer, responses=MemberSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Do it; 409 when the member's state does not allow it."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        member = get_object_or_404(members(), pk=number)
        type(self).act(membership=member, **given.validated_data)
        return Response(MemberSerializer(members().get(pk=number)).data)


class MemberDeactivation(_MemberAction):
    """Take a member's access away; refused for the last owner."""

    act = staticmethod(services.deactivate_member)


class MemberReactivation(_MemberAction):
    """Give a member the access back."""

    act = staticmethod(services.reactivate_member)


class InvitationList(ListView):
    """All invitations, newest first; POST invites a person."""

    read_permission = MANAGE
    write_permission = MANAGE
    serializer_class = InvitationSerializer
    filterset_class = InvitationFilter

    def rows(self) -> QuerySet[Invitation]:
        """Invitations of the caller's operator."""
        return invitations()

    @extend_schema(request=InviteSerializer, responses={201: InvitationSerializer})
    def post(self, request: Request) -> Response:
        """Invite a person by e-mail; 409 for a member or an address invited already."""
        given = InviteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        values["places"] = values.pop("sites", [])
        by = request.user if isinstance(request.user, User) else None
        made = inviting.invite(operator=operator_of(request), by=by, **values)
        return Response(InvitationSerializer(made).data, status=201)


class InvitationDetail(DetailView):
    """One invitation."""

    read_permission = MANAGE
    serializer_class = InvitationSerializer

    def get_object(self) -> Invitation:
        """The caller's own invitation, or 404."""
        found: Invitation = get_object_or_404(invitations(), pk=self.kwargs["number"])
        return found


class InvitationResend(ScopedView):
    """POST sends an invitation again."""

    write_permission = MANAGE

    @extend_schema(request=None, responses=InvitationSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Send it with a new link; older links end."""
        found = get_object_or_404(invitations(), pk=number)
        return Response(InvitationSerializer(inviting.resend(invitation=found)).data)


class InvitationWithdrawal(ScopedView):
    """POST withdraws an invitation."""

    write_permission = MANAGE

    @extend_schema(request=ReasonSerializer, responses=InvitationSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Make the link useless."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        found = get_object_or_404(invitations(), pk=number)
        gone = inviting.withdraw(invitation=found, **given.validated_data)
        return Response(InvitationSerializer(gone).data)


urls = [
    address("members", MemberList, "members"),
    address("members/{number}", MemberDetail, "member"),
    address("members/{number}/deactivate", MemberDeactivation, "member_deactivate"),
    address("members/{number}/reactivate", MemberReactivation, "member_reactivate"),
    address("invitations", InvitationList, "invitations"),
    address("invitations/{number}", InvitationDetail, "invitation"),
    address("invitations/{number}/resend", InvitationResend, "invitation_resend"),
    address("invitations/{number}/withdraw", InvitationWithdrawal, "invitation_withdraw"),
]
