"""Changing members: role, sites, active or not. An operator always keeps an owner."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Membership
from core.accounts.permissions import ALWAYS_LIMITED, Role
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.tenancy.places import Holder, place_source


def check_role(role: str, *, is_limited: bool) -> None:
    """Refuse a role that is none, an owner with a limit, and a host without one."""
    if role not in Role.values:
        raise InvalidInput("unknown_role", _("There is no such role."), field="role")
    if role == Role.OWNER and is_limited:
        raise InvalidInput(
            "owner_limited",
            _("An owner works with all sites. Choose another role to limit the person."),
            field="is_limited",
        )
    if role in ALWAYS_LIMITED and not is_limited:
        raise InvalidInput(
            "host_unlimited",
            _("A host or board works with chosen sites alone."),
            field="is_limited",
        )


@transaction.atomic
def change_member(
    *,
    membership: Membership,
    role: str,
    is_limited: bool,
    places: Collection[int] = (),
    reason: str = "",
) -> Membership:
    """Give a member another role or other sites; refused for the last owner's role."""
    check_role(role, is_limited=is_limited)
    member = _locked(membership)
    if role != Role.OWNER:
        _keep_an_owner(member)
    source = place_source()
    before, after = apply_changes(member, {"role": role, "is_limited": is_limited})
    old = source.names(Holder.MEMBER, [member.pk]).get(member.pk, [])
    source.assign(Holder.MEMBER, member.pk, member.operator_id, places if is_limited else ())
    new = source.names(Holder.MEMBER, [member.pk]).get(member.pk, [])
    if old != new:
        before["sites"], after["sites"] = old, new
    member.save(update_fields=["role", "is_limited"])
    if after:
        _record("member.change", member, before, after, reason)
    return member


@transaction.atomic
def deactivate_member(*, membership: Membership, reason: str) -> Membership:
    """Take a member's access away at once; refused for the last owner."""
    member = _locked(membership)
    if not member.is_active:
        raise RuleViolation("member_inactive", _("The member has been deactivated already."))
    _keep_an_owner(member)
    return _activate(member, "member.deactivate", reason, is_active=False)


@transaction.atomic
def reactivate_member(*, membership: Membership, reason: str = "") -> Membership:
    """Give a member the access back, with the role and sites it had."""
    member = _locked(membership)
    if member.is_active:
        raise RuleViolation("member_active", _("The member is active already."))
    return _activate(member, "member.reactivate", reason, is_active=True)


def _locked(membership: Membership) -> Membership:
    """The row as it is now, with all owners locked too so that two cannot leave at once."""
    list(
        Membership.objects.select_for_update()
        .filter(operator_id=membership.operator_id, role=Role.OWNER)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    row: Membership = Membership.objects.select_for_update().get(pk=membership.pk)
    return row


def _keep_an_owner(member: Membership) -> None:
    if member.role != Role.OWNER or not member.is_active:
        return
    others = Membership.objects.filter(
        operator_id=member.operator_id, role=Role.OWNER, is_active=True, user__is_active=True
    ).exclude(pk=member.pk)
    if not others.exists():
        raise RuleViolation(
            "last_owner", _("This is the last owner. Make another member an owner first.")
        )


def _activate(member: Membership, verb: str, reason: str, *, is_active: bool) -> Membership:
    member.is_active = is_active
    member.save(update_fields=["is_active"])
    _record(verb, member, {"is_active": not is_active}, {"is_active": is_active}, reason)
    return member


def _record(
    verb: str, member: Membership, before: dict[str, Any], after: dict[str, Any], reason: str
) -> None:
    entry = {"person": member.user.email}
    record(
        verb,
        member,
        operator_id=member.operator_id,
        before=before,
        after=after | entry,
        reason=reason,
    )
