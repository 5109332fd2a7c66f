"""Which roles of an operator need a second factor."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.accounts.second_factor import roles_that_need_one
from core.audit.services import record
from core.errors import InvalidInput


@transaction.atomic
def choose_second_factor_roles(
    *, operator: Operator, roles: Collection[str], reason: str = ""
) -> Operator:
    """These roles need one from now on; members without are led to the set-up."""
    if set(roles) - set(Role.values):
        raise InvalidInput("unknown_role", _("There is no such role."), field="roles")
    row = Operator.objects.select_for_update().get(pk=operator.pk)
    before = roles_that_need_one(row)
    row.second_factor_roles = [role for role in Role.values if role in roles]
    row.save(update_fields=["second_factor_roles"])
    if sorted(before) != sorted(row.second_factor_roles):
        record(
            "operator.second_factor_roles",
            row,
            operator_id=row.pk,
            before={"roles": before},
            after={"roles": row.second_factor_roles},
            reason=reason,
        )
    return row
