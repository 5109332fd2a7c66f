"""What people decide about remedies: the switch and its limits, steps of their own."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput
from stations.incidents.remedies.playbooks import SAFE_FOR_SAFETY, Step, stored
from stations.incidents.remedy_models import Playbook, RemedySetting


@transaction.atomic
def set_remedies(*, operator: Operator, reason: str, **values: Any) -> RemedySetting:
    """Decide whether and how much stations are healed by themselves; needs a reason."""
    _need(reason)
    found = RemedySetting.objects.select_for_update().filter(operator=operator).first()
    setting = found or RemedySetting(operator=operator)
    before, after = apply_changes(setting, values)
    if (setting.from_hour is None) != (setting.until_hour is None):
        raise InvalidInput("hours", _("Give both hours, or none."), field="until_hour")
    setting.full_clean(exclude=["operator"])
    setting.save()
    record(
        "remedy.setting", setting, operator_id=operator.pk, before=before, after=after,
        reason=reason.strip(),
    )  # fmt: skip
    return setting


@transaction.atomic
def set_playbook(
    *, operator: Operator, fault_class: str, steps: tuple[Step, ...], is_enabled: bool, reason: str
) -> Playbook:
    """Other steps for a class of faults; after a safety fault nothing is ever restarted."""
    _need(reason)
    if fault_class == "safety" and any(one.action not in SAFE_FOR_SAFETY for one in steps):
        raise InvalidInput("safety", _("After a safety fault nothing is restarted."), field="steps")
    found = (
        Playbook.objects.select_for_update()
        .filter(operator=operator, fault_class=fault_class)
        .first()
    )
    book = found or Playbook(operator=operator, fault_class=fault_class)
    before, after = apply_changes(book, {"steps": stored(steps), "is_enabled": is_enabled})
    book.full_clean(exclude=["operator"])
    book.save()
    record(
        "remedy.playbook", book, operator_id=operator.pk, before=before, after=after,
        reason=reason.strip(),
    )  # fmt: skip
    return book


def _need(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
