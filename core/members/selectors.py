"""Reading members and invitations of the operator in scope."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import CharField
from django.utils import timezone

from core.accounts.models import Membership
from core.members.models import Invitation, InvitationState
from core.tenancy.places import Holder, place_source

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def members() -> QuerySet[Membership]:
    """All members with person, ``has_second_factor`` and ``site_names`` (joined), by name."""
    factors = Authenticator.objects.filter(user_id=OuterRef("user_id"), type__in=SECOND_FACTORS)
    rows: QuerySet[Membership] = Membership.objects.select_related("user").annotate(
        has_second_factor=Exists(factors), site_names=place_source().joined_names(Holder.MEMBER)
    )
    return rows.order_by("user__name", "user__email", "id")


def invitations() -> QuerySet[Invitation]:
    """All invitations with who sent them and ``shown_state``, newest first."""
    rows: QuerySet[Invitation] = Invitation.objects.select_related("invited_by").annotate(
        shown_state=Case(
            When(~Q(accepted_at=None), then=Value(InvitationState.ACCEPTED.value)),
            When(~Q(withdrawn_at=None), then=Value(InvitationState.WITHDRAWN.value)),
            When(expires_at__lte=timezone.now(), then=Value(InvitationState.EXPIRED.value)),
            default=Value(InvitationState.OPEN.value),
            output_field=CharField(),
        )
    )
    return rows.order_by("-created_at", "-id")
