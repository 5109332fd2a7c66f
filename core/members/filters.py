"""Filters of members and invitations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.models import Membership
from core.accounts.permissions import Role
from core.lists.filters import BooleanFilter, ChoiceFilter, ListFilterSet, MultipleChoiceFilter
from core.members.models import Invitation, InvitationState


class MemberFilter(ListFilterSet):
    """Members by text, role, activity, limit and second factor."""

    search_fields = ("user__name", "user__email")
    role = MultipleChoiceFilter(label=_("Role"), choices=Role.choices)
    active = BooleanFilter(label=_("Active"), field_name="is_active")
    limited = BooleanFilter(label=_("Chosen sites alone"), field_name="is_limited")
    second_factor = BooleanFilter(label=_("Second factor"), field_name="has_second_factor")

    class Meta:
        model = Membership
        fields: list[str] = []


class InvitationFilter(ListFilterSet):
    """Invitations by text, state and role."""

    search_fields = ("email", "name")
    state = ChoiceFilter(
        label=_("State"), choices=InvitationState.choices, field_name="shown_state"
    )
    role = MultipleChoiceFilter(label=_("Role"), choices=Role.choices)

    class Meta:
        model = Invitation
        fields: list[str] = []
