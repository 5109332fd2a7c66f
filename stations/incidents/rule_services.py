"""What people decide about rules of incidents, and what codes of vendors mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput
from stations.incidents.choices import FaultClass, Severity
from stations.incidents.rule_models import ErrorCode, IncidentRule
from stations.incidents.rules.table import DEFAULTS

PLACE: Final = ("vendor", "model", "firmware")


@transaction.atomic
def set_rule(
    *,
    operator: Operator,
    code: str,
    figures: Mapping[str, float],
    reason: str,
    place: Mapping[str, str],
    is_enabled: bool = True,
    severity: str = "",
) -> IncidentRule:
    """Set one rule, for all stations or those that the patterns of ``place`` fit; figures that are
    as usual are not kept. Refuses figures that the rule does not have, or below zero, and
    switching off what is told of safety."""
    default = DEFAULTS.get(code)
    if default is None:
        raise InvalidInput("rule", _("There is no such rule."), field="rule")
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say why."), field="reason")
    if code == "safety" and not is_enabled:
        raise InvalidInput("safety", _("Safety faults are always told."), field="is_enabled")
    if severity and severity not in Severity.values:
        raise InvalidInput("severity", _("There is no such severity."), field="severity")
    for name, value in figures.items():
        if name not in default.figures:
            raise InvalidInput("figure", _("This rule has no such figure."), field=name)
        if not 0 <= value <= 1e8 or ((usual := default.figures[name]) < 1 and usual and value > 1):
            raise InvalidInput("figure", _("This figure is out of range."), field=name)
    where = {name: place.get(name, "").strip() for name in PLACE}
    rows = IncidentRule.objects.select_for_update().filter(operator=operator, code=code, **where)
    found = rows.first()
    row = found or IncidentRule(operator=operator, code=code, **where)
    own = {name: value for name, value in figures.items() if value != default.figures[name]}
    values = {"is_enabled": is_enabled, "severity": severity, "settings": own}
    before, after = apply_changes(row, values)
    row.full_clean(exclude=["operator"])
    row.save()
    record(
        "incident.rule", row, operator_id=operator.pk, before=before, after=after,
        reason=reason.strip(),
    )  # fmt: skip
    return row


@transaction.atomic
def drop_rule(*, rule: IncidentRule, reason: str = "") -> None:
    """Let the rule be as usual again for those stations."""
    before = {"is_enabled": rule.is_enabled, "severity": rule.severity, **rule.settings}
    record(
        "incident.rule_dropped", rule, operator_id=rule.operator_id, before=before, reason=reason
    )
    rule.delete()


@transaction.atomic
def translate_code(*, error_code: ErrorCode, fault_class: str, meaning: str = "") -> ErrorCode:
    """Say what a vendor's code means; nothing makes it unknown again. Detection goes by it from
    the next turn on."""
    if fault_class and fault_class not in FaultClass.values:
        raise InvalidInput("class", _("There is no such class."), field="fault_class")
    held: ErrorCode = ErrorCode.objects.select_for_update().get(pk=error_code.pk)
    before, after = apply_changes(held, {"fault_class": fault_class, "meaning": meaning.strip()})
    if after:
        held.full_clean(exclude=["operator"])
        held.save(update_fields=list(after))
        record("incident.code", held, operator_id=held.operator_id, before=before, after=after)
    return held
