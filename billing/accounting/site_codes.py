"""What sites are called in the books: their own codes, else their public ids."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db import transaction
from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from billing.accounting.attest_models import SiteCode
from core.audit.services import record
from core.errors import InvalidInput
from stations.sites.models import Site

_CODE: Final = re.compile(r"[0-9A-Za-zÅÄÖåäö._-]{1,20}")


def sites_with_codes() -> QuerySet[Any]:
    """All sites of the operator in scope with ``code`` (None: none of its own) and
    ``shown_code``."""
    rows = Site.objects.annotate(code=F("book_code__code"))
    found: QuerySet[Any] = rows.annotate(
        shown_code=Coalesce("book_code__code", "public_id", output_field=CharField())
    ).order_by("name", "id")
    return found


def codes_of(operator_ids: list[int]) -> dict[int, dict[str, str]]:
    """Own codes by public id of the site, by operator; one query."""
    found: dict[int, dict[str, str]] = {key: {} for key in operator_ids}
    rows = SiteCode.objects.filter(operator_id__in=operator_ids)
    for operator_id, site, code in rows.values_list("operator_id", "site__public_id", "code"):
        found[operator_id][site] = code
    return found


@transaction.atomic
def set_site_code(*, site: Site, code: str, reason: str = "") -> str:
    """Call a site so in the books, from the next entry on; empty: by its public id. Refuses what
    a ledger does not take, and what another site is called."""
    code = code.strip()
    if code and not _CODE.fullmatch(code):
        raise InvalidInput(
            "site_code", _("A code has at most 20 letters, digits, dots or dashes."), field="code"
        )
    Site.objects.select_for_update(of=("self",), no_key=True).get(pk=site.pk)
    others = Site.objects.exclude(pk=site.pk)
    taken = others.filter(public_id=code) | others.filter(book_code__code=code)
    if code and taken.exists():
        raise InvalidInput("site_code_taken", _("Another site is called so."), field="code")
    found = SiteCode.objects.filter(site=site).first()
    before = found.code if found else ""
    if before == code:
        return code
    if not code:
        SiteCode.objects.filter(site=site).delete()
    elif found:
        found.code = code
        found.save(update_fields=["code", "updated_at"])
    else:
        SiteCode.objects.create(operator_id=site.operator_id, site=site, code=code)
    record(
        "site.book_code", site, operator_id=site.operator_id,
        before={"code": before}, after={"code": code}, reason=reason,
    )  # fmt: skip
    return code
