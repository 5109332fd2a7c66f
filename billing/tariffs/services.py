"""Writing tariffs and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.tariffs.affected import overlapping, sessions_priced_since
from billing.tariffs.afir_check import refuse_ad_hoc_rules
from billing.tariffs.difference import difference
from billing.tariffs.documents import checked, digest_of, parsed
from billing.tariffs.models import Tariff, TariffVersion, VersionState
from billing.tariffs.notice_services import announce, take_back
from core.accounts.models import Operator
from core.audit.services import current_actor, record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.money import is_currency

NOW_MEANS = timedelta(minutes=2)
"""A start so little in the past is now: a page takes a moment to send."""


@transaction.atomic
def create_tariff(
    *,
    operator: Operator,
    name: str,
    document: Mapping[str, Any],
    currency: str = "",
    is_tax_included: bool = True,
    note: str = "",
    may_be_negative: bool = False,
    reason: str = "",
) -> Tariff:
    """A tariff with its first draft; refuses a taken name and a currency that is none."""
    tariff = Tariff(
        operator=operator,
        public_id=public_id("tar"),
        name=name.strip(),
        currency=(currency or operator.currency).upper(),
        is_tax_included=is_tax_included,
        note=note,
    )
    if not is_currency(tariff.currency):
        raise InvalidInput(
            "unknown_currency",
            _("%(code)s is no currency of ISO 4217.") % {"code": tariff.currency[:8]},
            field="currency",
        )
    _refuse_name(tariff)
    tariff.full_clean(validate_constraints=False)
    stored = checked(document, tariff, may_be_negative=may_be_negative)
    tariff.save()
    _new_draft(tariff, stored, number=1)
    record(
        "tariff.create",
        tariff,
        operator_id=operator.pk,
        after={
            "name": tariff.name,
            "currency": tariff.currency,
            "is_tax_included": tariff.is_tax_included,
            **{change.key: change.after for change in difference({}, stored)},
        },
        reason=reason,
    )
    return tariff


def _refuse_name(tariff: Tariff) -> None:
    taken = Tariff.objects.filter(name__iexact=tariff.name).exclude(pk=tariff.pk)
    if taken.exists():
        raise RuleViolation("tariff_name_taken", _("There is a tariff of this name."), field="name")


def _new_draft(tariff: Tariff, stored: dict[str, Any], *, number: int) -> TariffVersion:
    draft: TariffVersion = TariffVersion.objects.create(
        operator_id=tariff.operator_id,
        tariff=tariff,
        number=number,
        document=stored,
        digest=digest_of(stored),
    )
    return draft


@transaction.atomic
def change_tariff(*, tariff: Tariff, reason: str = "", **values: Any) -> Tariff:
    """Change name or note; what it costs is changed by a new version."""
    before, after = apply_changes(tariff, values)
    if not after:
        return tariff
    _refuse_name(tariff)
    tariff.full_clean(validate_constraints=False)
    tariff.save()
    record(
        "tariff.change",
        tariff,
        operator_id=tariff.operator_id,
        before=before,
        after=after,
        reason=reason,
    )
    return tariff


def _locked(tariff: Tariff) -> Tariff:
    found: Tariff = Tariff.objects.select_for_update().get(pk=tariff.pk)
    if found.retired_at is not None:
        raise RuleViolation("tariff_retired", _("The tariff is retired."))
    return found


@transaction.atomic
def save_draft(
    *,
    tariff: Tariff,
    document: Mapping[str, Any],
    seen: str = "",
    may_be_negative: bool = False,
    reason: str = "",
) -> TariffVersion:
    """Store what the next version is to say; makes the draft where there is none.

    ``seen`` is the digest of what the writer started from; refused when somebody else has saved
    something else meanwhile.
    """
    tariff = _locked(tariff)
    stored = checked(document, tariff, may_be_negative=may_be_negative)
    draft = tariff.versions.filter(state=VersionState.DRAFT).select_for_update().first()
    current = draft or tariff.versions.order_by("-number").first()
    if seen and current is not None and current.digest != seen:
        raise RuleViolation(
            "draft_stale",
            _("Somebody else saved this draft meanwhile; nothing is saved. Open it anew."),
        )
    before: dict[str, Any] = current.document if current else {}
    if draft is None:
        last = tariff.versions.aggregate(last=Max("number"))["last"] or 0
        draft = _new_draft(tariff, stored, number=last + 1)
    else:
        draft.document, draft.digest = stored, digest_of(stored)
        draft.edition += 1
        draft.save()
    _record_change(tariff, "tariff.draft", before, stored, {"version": draft.number}, reason)
    return draft


def _record_change(
    tariff: Tariff,
    verb: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    more: dict[str, Any],
    reason: str,
) -> None:
    changes = difference(before, after)
    record(
        verb,
        tariff,
        operator_id=tariff.operator_id,
        before={change.key: change.before for change in changes},
        after={**more, **{change.key: change.after for change in changes}},
        reason=reason,
    )


@transaction.atomic
def discard_draft(*, tariff: Tariff, reason: str = "") -> None:
    """Throw the draft away; refused when it is all that the tariff has, or there is none."""
    tariff = _locked(tariff)
    draft = tariff.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        raise RuleViolation("no_draft", _("There is no draft."))
    if not tariff.versions.exclude(pk=draft.pk).exists():
        raise RuleViolation(
            "only_version", _("The draft is all that this tariff has; retire the tariff instead.")
        )
    number = draft.number
    draft.delete()
    record(
        "tariff.discard",
        tariff,
        operator_id=tariff.operator_id,
        before={"version": number},
        reason=reason,
    )


@transaction.atomic
def publish(
    *,
    tariff: Tariff,
    takes_effect_at: datetime | None = None,
    digest: str = "",
    accepts_short_notice: bool = False,
    reason: str = "",
) -> TariffVersion:
    """Put the draft in force from an instant (None: now), for good; customers concerned are told.

    Refused: no draft; another draft than the one that was confirmed (``digest``); a start in the
    past that would change the price of sessions; a start that another version has; ad hoc prices
    against AFIR at places of 50 kW and more; a start that is nearer than customers must be told
    before, unless that is accepted with a reason.
    """
    start = takes_effect_at or timezone.now()
    version = put_in_force(tariff=tariff, start=start, digest=digest, reason=reason)
    rows = overlapping(version.tariff.assignments.select_related("operator"), start, None)
    announce(
        tariff=version.tariff,
        rows=list(rows),
        start=start,
        version=version,
        accepts_short=accepts_short_notice,
        reason=reason,
    )
    return version


def put_in_force(
    *, tariff: Tariff, start: datetime, digest: str = "", reason: str = ""
) -> TariffVersion:
    """Publish the draft without telling anybody; the caller is in a transaction and tells."""
    tariff = _locked(tariff)
    now = timezone.now()
    draft = tariff.versions.filter(state=VersionState.DRAFT).select_for_update().first()
    if draft is None:
        raise RuleViolation("no_draft", _("There is no draft to publish."))
    if digest and draft.digest != digest:
        raise RuleViolation(
            "draft_stale", _("The draft was changed meanwhile; look at it again before publishing.")
        )
    _refuse_start(tariff, start, now)
    refuse_ad_hoc_rules(tariff, parsed(draft.document), start)
    before = _before(tariff, start)
    draft.state = VersionState.PUBLISHED
    draft.takes_effect_at, draft.published_at = start, now
    draft.published_by, draft.note = current_actor.get().label[:200], reason[:500]
    draft.save()
    more = {"version": draft.number, "takes_effect_at": start, "sha256": draft.digest}
    _record_change(tariff, "tariff.publish", before, draft.document, more, reason)
    return draft


def _before(tariff: Tariff, start: datetime) -> dict[str, Any]:
    """The document that the new version follows."""
    last = (
        tariff.versions.filter(state=VersionState.PUBLISHED, takes_effect_at__lt=start)
        .order_by("-takes_effect_at")
        .first()
    )
    found: dict[str, Any] = last.document if last else {}
    return found


def _refuse_start(tariff: Tariff, start: datetime, now: datetime) -> None:
    same = tariff.versions.filter(state=VersionState.PUBLISHED, takes_effect_at=start)
    if same.exists():
        raise RuleViolation(
            "start_taken",
            _("Another version takes effect at the same instant."),
            field="takes_effect_at",
        )
    if start < now - NOW_MEANS and sessions_priced_since(tariff, start, now):
        raise InvalidInput(
            "start_in_past",
            _("Sessions that began after that time have a price already; choose a later start."),
            field="takes_effect_at",
        )


@transaction.atomic
def withdraw_version(*, version: TariffVersion, reason: str) -> TariffVersion:
    """Take back a published version that has not taken effect; a reason is needed. Customers who
    were told of it are told so."""
    _need_reason(reason)
    tariff = _locked(version.tariff)
    now = timezone.now()
    done = TariffVersion.objects.filter(
        pk=version.pk, state=VersionState.PUBLISHED, takes_effect_at__gt=now
    ).update(state=VersionState.RETIRED, retired_at=now, updated_at=now)
    if not done:
        raise RuleViolation(
            "version_in_force",
            _("Only a published version that has not taken effect can be withdrawn."),
        )
    earlier = tariff.versions.filter(
        state=VersionState.PUBLISHED, takes_effect_at__lte=version.takes_effect_at
    )
    if not earlier.exists() and tariff.assignments.exists():
        raise RuleViolation(
            "version_needed",
            _("Assignments rely on this version; end them first."),
        )
    version.refresh_from_db()
    take_back(version, reason=reason)
    record(
        "tariff.withdraw",
        tariff,
        operator_id=tariff.operator_id,
        before={"version": version.number, "takes_effect_at": version.takes_effect_at},
        reason=reason,
    )
    return version


@transaction.atomic
def retire_tariff(*, tariff: Tariff, reason: str) -> Tariff:
    """End a tariff's life; refused while an assignment holds or will hold; a reason is needed."""
    _need_reason(reason)
    tariff = _locked(tariff)
    now = timezone.now()
    if tariff.assignments.filter(valid_to_at=None).exists() or (
        tariff.assignments.filter(valid_to_at__gt=now).exists()
    ):
        raise RuleViolation(
            "tariff_assigned", _("The tariff is still assigned; end its assignments first.")
        )
    tariff.retired_at = now
    tariff.save()
    record(
        "tariff.retire",
        tariff,
        operator_id=tariff.operator_id,
        after={"retired_at": now},
        reason=reason,
    )
    return tariff


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
