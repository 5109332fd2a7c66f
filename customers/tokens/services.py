"""Writing id tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput
from customers.tokens.models import IdToken
from customers.tokens.selectors import find_token
from customers.tokens.uid import normalise
from stations.sites.models import Site


@transaction.atomic
def put_token(
    *,
    operator: Operator,
    uid: str,
    allowed_sites: Iterable[Site] | None = None,
    reason: str = "",
    **values: Any,
) -> tuple[IdToken, bool]:
    """Create the token ``uid`` or change it; True when it is new.

    Any status and an expiry in the past are valid. ``allowed_sites`` None leaves them.
    """
    token = find_token(uid)
    created = token is None
    if token is None:
        forms = normalise(uid)
        if not forms.uid or not forms.uid.isprintable():
            raise InvalidInput("uid_form", _("The UID is empty or not printable."), field="uid")
        token = IdToken(
            operator=operator,
            uid=forms.uid,
            uid_decimal=forms.decimal,
            uid_reversed=forms.reversed,
        )
    before, after = apply_changes(token, values)
    if created or after:
        token.full_clean(validate_constraints=False)
        token.save()
    _set_sites(token, allowed_sites, before, after)
    if created or after:
        record(
            "token.create" if created else "token.change",
            token,
            operator_id=operator.pk,
            before={} if created else before,
            after={"uid": token.uid, **values} if created else after,
            reason=reason,
        )
    return token, created


def _set_sites(
    token: IdToken,
    wanted: Iterable[Site] | None,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    if wanted is None:
        return
    sites = sorted(wanted, key=lambda site: site.pk)
    present = list(token.allowed_sites.order_by("pk"))
    if sites != present:
        before["allowed_sites"] = [site.public_id for site in present]
        after["allowed_sites"] = [site.public_id for site in sites]
        token.allowed_sites.set(sites)


@transaction.atomic
def delete_token(*, token: IdToken, reason: str = "") -> None:
    """Remove a token; sessions and attempts keep their snapshot of it."""
    record(
        "token.delete",
        token,
        operator_id=token.operator_id,
        before={"uid": token.uid, "label": token.label, "status": token.status},
        reason=reason,
    )
    token.delete()
