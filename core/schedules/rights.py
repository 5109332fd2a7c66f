"""Who may have what a schedule sends."""

from __future__ import annotations

from collections.abc import Iterable

from core.accounts.models import Membership
from core.accounts.permissions import Permission, allowed
from core.tenancy.places import Holder, place_source


def may(membership: Membership, permission: str) -> bool:
    """Whether a member has a permission now."""
    return (
        membership.is_active
        and membership.user.is_active
        and allowed(membership.role, permission, is_limited=membership.is_limited)
    )


def may_own(membership: Membership, permission: str) -> bool:
    """Whether a member may run schedules, and see what this one sends."""
    return may(membership, Permission.SCHEDULE_MANAGE) and may(membership, permission)


def may_receive(membership: Membership, permission: str, owner: Membership) -> bool:
    """Whether a member may see all that the file holds: what the owner sees, and no more."""
    if not may(membership, permission):
        return False
    if not membership.is_limited:
        return True
    if not owner.is_limited:
        return False
    source = place_source()
    return source.places_of(Holder.MEMBER, owner.pk) <= source.places_of(
        Holder.MEMBER, membership.pk
    )


def receivers(owner: Membership, permission: str) -> list[Membership]:
    """All members who may receive a file of this owner, by name."""
    members: Iterable[Membership] = (
        Membership.objects.filter(is_active=True, user__is_active=True)
        .select_related("user")
        .order_by("user__name", "user__email")
    )
    return [one for one in members if may_receive(one, permission, owner)]
