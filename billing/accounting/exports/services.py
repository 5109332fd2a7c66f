"""Making files of what a ledger has not got yet, each entry once for each profile."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from billing.accounting.books import chart_of, ensure_books
from billing.accounting.exports.files import Made, Wanted, make_file
from billing.accounting.exports.models import (
    ExportedEntry,
    ExportProfile,
    ExportReceipt,
    FileFormat,
    Preset,
    VoucherSize,
)
from billing.accounting.exports.sie import SieCompany
from billing.accounting.exports.vouchers import Granularity, suggested
from billing.accounting.models import JournalEntry
from billing.accounting.reading import pure_entry
from billing.accounting.site_codes import sites_with_codes
from billing.accounts.dated import operator_day
from billing.problem import MoneyProblem
from billing.sellers.models import Seller
from core.audit.services import current_actor, record
from core.changes import apply_changes
from core.errors import RuleViolation
from core.files.store import kept
from core.ids import public_id
from core.months import year_around

PROFILE_FIELDS: Final = (
    "name", "preset", "file_format", "voucher_size", "series", "starts_on", "is_active",
)  # fmt: skip
MOST_ENTRIES: Final = 50_000


@transaction.atomic
def create_profile(*, seller: Seller, reason: str = "", **values: Any) -> ExportProfile:
    """A profile for an importer; refuses a name that the seller has and a series that is none."""
    profile = ExportProfile(
        operator_id=seller.operator_id, seller=seller, public_id=public_id("exp"), **values
    )
    profile.full_clean()
    profile.save()
    record("export_profile.create", profile, operator_id=profile.operator_id,
           after=_described(profile), reason=reason)  # fmt: skip
    return profile


@transaction.atomic
def change_profile(*, profile: ExportProfile, reason: str = "", **values: Any) -> ExportProfile:
    """Change what is given, for files that are made from now on.

    The first day stays once a file was made: what the ledger has would no longer be known.
    """
    before, after = apply_changes(profile, values)
    if not after:
        return profile
    if "starts_on" in after and profile.receipts.exists():
        raise RuleViolation(
            "profile_used", _("Files were made from this day on: it stays."), field="starts_on"
        )
    profile.full_clean()
    profile.save()
    record("export_profile.change", profile, operator_id=profile.operator_id,
           before=before, after=after, reason=reason)  # fmt: skip
    return profile


def waiting_entries(profile: ExportProfile) -> QuerySet[JournalEntry]:
    """Entries that the profile has not got, the earliest first."""
    got = ExportedEntry.objects.filter(profile=profile, entry=OuterRef("pk"))
    rows: QuerySet[JournalEntry] = JournalEntry.objects.filter(
        ~Exists(got), seller=profile.seller_id, booked_on__gte=profile.starts_on
    )
    return rows.order_by("booked_on", "number")


@transaction.atomic
def make_exports(
    *, profile: ExportProfile, until_on: date | None = None, made_for: str = ""
) -> list[ExportReceipt]:
    """Files of all that the profile has not got, one for each financial year and currency.

    Each entry is in one of them, with a receipt; asked for twice at once, the second waits and
    finds nothing. ``made_for`` names who asks: the same name gets the same files again. Refuses
    the whole when the ledger would refuse one entry.
    """
    profile = ExportProfile.objects.select_for_update(of=("self",)).select_related(
        "seller__operator"
    ).get(pk=profile.pk)  # fmt: skip
    if made_for:
        before = list(profile.receipts.filter(made_for=made_for).order_by("number"))
        if before:
            return before
    if not profile.is_active:
        raise RuleViolation("profile_retired", _("The profile is not in use."))
    rows = waiting_entries(profile)
    if until_on is not None:
        rows = rows.filter(booked_on__lte=until_on)
    found = list(rows.prefetch_related("postings__account")[:MOST_ENTRIES])
    return [_export(profile, group, made_for) for group in _groups(profile, found)]


def _groups(
    profile: ExportProfile, rows: Sequence[JournalEntry]
) -> list[tuple[tuple[date, date], str, list[JournalEntry]]]:
    first_month = ensure_books(profile.seller).year_first_month
    groups: dict[tuple[tuple[date, date], str], list[JournalEntry]] = {}
    for row in rows:
        key = (year_around(row.booked_on, first_month), row.currency)
        groups.setdefault(key, []).append(row)
    return [(year, currency, group) for (year, currency), group in sorted(groups.items())]


def _export(
    profile: ExportProfile,
    group: tuple[tuple[date, date], str, list[JournalEntry]],
    made_for: str,
) -> ExportReceipt:
    year, currency, rows = group
    seller = profile.seller
    wanted = Wanted(
        company=SieCompany(seller.name, _organisation(seller), *year, currency),
        chart=chart_of(seller),
        preset=Preset(profile.preset),
        file_format=FileFormat(profile.file_format),
        granularity=_granularity(profile, rows),
        series=profile.series,
        site_names=_site_names(),
        made_on=operator_day(seller.operator),
    )
    try:
        made = make_file([pure_entry(row) for row in rows], wanted)
    except MoneyProblem as problem:
        at = f"{problem.at}: " if problem.at else ""
        raise RuleViolation(problem.code, f"{at}{problem.message}") from problem
    return _stored(profile, currency, rows, made, made_for)


def _site_names() -> dict[str, str]:
    """By public id and by code: entries keep what a site was called then."""
    names: dict[str, str] = {}
    for one in sites_with_codes():
        names[one.public_id] = names[one.shown_code] = one.name
    return names


def _organisation(seller: Seller) -> str:
    digits = "".join(sign for sign in seller.organisation_number if sign.isdigit())
    return f"{digits[-10:-4]}-{digits[-4:]}" if len(digits) >= 10 else digits


def _granularity(profile: ExportProfile, rows: Sequence[JournalEntry]) -> Granularity:
    if profile.voucher_size != VoucherSize.SUGGESTED:
        return Granularity(profile.voucher_size)
    months = {row.booked_on.replace(day=1) for row in rows}
    return suggested(len(rows) // max(len(months), 1))


def _stored(
    profile: ExportProfile,
    currency: str,
    rows: Sequence[JournalEntry],
    made: Made,
    made_for: str,
) -> ExportReceipt:
    last = profile.receipts.aggregate(last=Max("number"))["last"] or 0
    days = [row.booked_on for row in rows]
    parts = [(made.content, made.ending)]
    if made.documents:
        parts.append((made.documents, ".csv"))
    with kept(profile.operator_id, *parts) as paths:
        receipt: ExportReceipt = ExportReceipt.objects.create(
            operator_id=profile.operator_id,
            public_id=public_id("exr"),
            profile=profile,
            number=last + 1,
            currency=currency,
            from_on=min(days),
            until_on=max(days),
            entry_count=len(rows),
            voucher_count=made.voucher_count,
            debit=sum((row.total for row in rows), Decimal(0)),
            name=f"journal-{max(days):%Y%m%d}-{currency}-{last + 1}{made.ending}",
            content_type=made.content_type,
            path=paths[0],
            list_path=paths[1] if len(paths) > 1 else "",
            sha256=hashlib.sha256(made.content).hexdigest(),
            size_bytes=len(made.content),
            made_for=made_for[:64],
            made_by_label=current_actor.get().label[:200],
        )
        ExportedEntry.objects.bulk_create(
            ExportedEntry(
                operator_id=profile.operator_id, profile=profile, receipt=receipt, entry=row
            )
            for row in rows
        )
        after = {"file": receipt.name, "entries": len(rows), "sha256": receipt.sha256}
        record("journal.export", receipt, operator_id=profile.operator_id, after=after)
    return receipt


def _described(profile: ExportProfile) -> dict[str, Any]:
    return {name: getattr(profile, name) for name in PROFILE_FIELDS} | {
        "seller": profile.seller.name
    }
