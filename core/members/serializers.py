"""Members and invitations as JSON."""

from __future__ import annotations

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.accounts.models import Membership
from core.accounts.permissions import Role
from core.api.fields import SiteKeysField
from core.api.inputs import Input
from core.members.models import Invitation, InvitationState


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """A member. ``sites`` names the chosen ones; without a limit it is empty and means all."""

    name = serializers.CharField(source="user.name")
    email = serializers.CharField(source="user.email")
    last_login = serializers.DateTimeField(source="user.last_login", allow_null=True)
    has_second_factor = serializers.BooleanField()
    sites = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = (
            "id",
            "name",
            "email",
            "role",
            "is_limited",
            "sites",
            "is_active",
            "has_second_factor",
            "last_login",
            "created_at",
        )

    def get_sites(self, member: Membership) -> str:
        """Names of the chosen sites with commas."""
        names: str = member.site_names  # type: ignore[attr-defined]  # annotated by the selector
        return names


class MemberWriteSerializer(Input):
    """What may be changed of a member. ``sites`` only counts with ``is_limited``."""

    role = serializers.ChoiceField(choices=Role.choices, required=False)
    is_limited = serializers.BooleanField(required=False)
    sites = SiteKeysField(required=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


@extend_schema_field({"type": "string", "enum": InvitationState.values})
class StateField(serializers.CharField):
    """The state of an invitation."""


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation. ``sent_at`` is null while the e-mail waits to be sent."""

    state = StateField(read_only=True)
    invited_by = serializers.CharField(source="invited_by.email", default=None, allow_null=True)

    class Meta:
        model = Invitation
        fields = (
            "id",
            "email",
            "name",
            "role",
            "is_limited",
            "language",
            "state",
            "invited_by",
            "created_at",
            "sent_at",
            "expires_at",
            "accepted_at",
            "withdrawn_at",
        )


class InviteSerializer(Input):
    """Whom to invite, and as what."""

    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    role = serializers.ChoiceField(choices=Role.choices)
    is_limited = serializers.BooleanField(required=False, default=False)
    sites = SiteKeysField(required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
