"""Writing who sells at a site from which day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounts.dated import refuse_far_days, set_from
from billing.sellers.models import ContractForm, Seller, SiteContract
from billing.sellers.settled_days import settled_until
from core.audit.services import record
from core.errors import InvalidInput, RuleViolation
from stations.sites.models import Site


@transaction.atomic
def set_contract(
    *,
    site: Site,
    form: str,
    from_on: date | None,
    seller: Seller | None = None,
    host: Seller | None = None,
    reason: str = "",
    **terms: Any,
) -> SiteContract:
    """Let a contract hold at a site from a day (None: since ever) until further notice.

    ``terms``: host_is_vat_registered, self_billing_agreed_on, minimum_payout_amount,
    basis_email, note. The host sells: it is the seller. Nobody invoices: there is none. Refuses
    somebody who invoices on days that a charging basis took.
    """
    refuse_far_days(from_on)
    parties = _parties(form, seller, host)
    contract = SiteContract(
        operator_id=site.operator_id, site=site, form=form, **parties, **_terms(terms, host)
    )
    _write(site, contract, from_on=from_on, reason=reason)
    return contract


@transaction.atomic
def end_contract(*, site: Site, from_on: date | None, reason: str = "") -> None:
    """From that day on the default seller sells at the site. Refuses days that a charging basis
    took."""
    refuse_far_days(from_on)
    _write(site, None, from_on=from_on, reason=reason)


def _write(site: Site, contract: SiteContract | None, *, from_on: date | None, reason: str) -> None:
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    rows = SiteContract.objects.filter(site=site).select_related("seller", "host")
    if contract is None or contract.form != ContractForm.NOT_INVOICED:
        _refuse_settled(site, rows, from_on or date.min)
    before, after = set_from(rows, contract, _described, from_on=from_on)
    record(
        "site.set_contract",
        site,
        operator_id=site.operator_id,
        before={"contracts": before},
        after={"contracts": after},
        reason=reason,
    )


def _refuse_settled(site: Site, rows: Iterable[SiteContract], begin: date) -> None:
    """What a charging basis took while nobody invoiced, no invoice takes later."""
    until = settled_until(site)
    if until is None:
        return
    for row in rows:
        first = max(begin, row.valid_from_on or date.min)
        last = min(until, row.valid_until_on or date.max)
        if row.form == ContractForm.NOT_INVOICED and first <= last:
            raise RuleViolation(
                "days_settled",
                _("Charging bases hold what was charged up to %(day)s. Choose a later day.")
                % {"day": until.isoformat()},
                field="from_on",
            )


def _parties(form: str, seller: Seller | None, host: Seller | None) -> dict[str, Seller | None]:
    """Seller and host as the form of contract wants them."""
    if form not in ContractForm.values:
        raise InvalidInput("form", _("There is no such form of contract."), field="form")
    for name, party in (("seller", seller), ("host", host)):
        if party is not None and party.retired_on:
            raise InvalidInput("seller_retired", _("This seller is retired."), field=name)
    if host is not None and not host.is_host:
        raise InvalidInput("not_a_host", _("Choose a seller that is a site host."), field="host")
    if form == ContractForm.HOST_SELLS:
        if host is None:
            raise InvalidInput("host_missing", _("Say which host sells."), field="host")
        return {"seller": host, "host": host}
    if form == ContractForm.NOT_INVOICED:
        return {"seller": None, "host": host}
    if seller is None or seller.is_host:
        raise InvalidInput(
            "seller_missing", _("Choose one of the operator's own sellers."), field="seller"
        )
    return {"seller": seller, "host": host}


def _terms(terms: dict[str, Any], host: Seller | None) -> dict[str, Any]:
    found = {
        "host_is_vat_registered": bool(terms.pop("host_is_vat_registered", False)),
        "self_billing_agreed_on": terms.pop("self_billing_agreed_on", None),
        "minimum_payout_amount": terms.pop("minimum_payout_amount", None),
        "basis_email": terms.pop("basis_email", "") or "",
        "note": " ".join((terms.pop("note", "") or "").replace("\x00", "").split()),
    }
    if terms:
        raise InvalidInput("unknown_field", ", ".join(sorted(terms)))
    if host is None and (found["host_is_vat_registered"] or found["self_billing_agreed_on"]):
        raise InvalidInput("host_missing", _("Say which host this is about."), field="host")
    if found["minimum_payout_amount"] is None:
        found["minimum_payout_amount"] = Decimal(500)
    if found["minimum_payout_amount"] < 0:
        raise InvalidInput(
            "amount", _("The least payout is not negative."), field="minimum_payout_amount"
        )
    return found


def _described(row: SiteContract) -> str:
    """All that two contracts may differ in, as the audit keeps it."""
    return (
        f"{row.form} seller={row.seller or '-'} host={row.host or '-'} "
        f"vat={row.host_is_vat_registered} self_billing={row.self_billing_agreed_on or '-'} "
        f"payout={row.minimum_payout_amount:.2f} basis={row.basis_email or '-'} {row.note}"
    ).strip()
