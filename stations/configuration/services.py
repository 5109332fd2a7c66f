"""Writing templates and the values of a station's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.soon import soon
from stations.commands.masking import is_secret_key
from stations.commands.services import link_of
from stations.configuration.models import (
    ConfigurationState,
    ConfigurationTemplate,
    TemplateTarget,
    TemplateValue,
    ValueOverride,
)
from stations.configuration.refresh import refresh
from stations.configuration.tasks import follow_configuration
from stations.hardware.keys import folded, parse_key
from stations.hardware.models import Station
from stations.sites.models import Site

MOST_VALUES = 500
VALUE_LENGTH = 2500


@transaction.atomic
def put_template(
    *,
    operator: Operator,
    template: ConfigurationTemplate | None = None,
    values: Sequence[tuple[str, str]] | None = None,
    sites: Iterable[Site] | None = None,
    stations: Iterable[Station] | None = None,
    reason: str = "",
    **fields: Any,
) -> ConfigurationTemplate:
    """Create a template or change one; ``values``, ``sites``, ``stations`` None leave them.

    Refuses keys that are no keys of the version, keys named twice, secrets, and a name that
    is taken.
    """
    created = template is None
    row = template or ConfigurationTemplate(operator=operator)
    before, after = apply_changes(row, fields)
    _refuse_name(row)
    row.full_clean(validate_constraints=False)
    given = None if values is None else checked_values(values, row.ocpp_version)
    if given is None and "ocpp_version" in after and not created:
        given = checked_values(list(row.values.values_list("key", "value")), row.ocpp_version)
    row.save()
    if given is not None:
        _put_values(row, given, before, after)
    _put_targets(row, sites, stations, before, after)
    if created or after:
        record(
            "template.create" if created else "template.change",
            row,
            operator_id=operator.pk,
            before={} if created else before,
            after={"name": row.name, **after},
            reason=reason,
        )
        _all_due()
    return row


def _refuse_name(row: ConfigurationTemplate) -> None:
    taken = ConfigurationTemplate.objects.filter(name__iexact=row.name).exclude(pk=row.pk)
    if taken.exists():
        raise RuleViolation(
            "template_name_taken", _("There is a template of this name."), field="name"
        )


def checked_values(values: Sequence[tuple[str, str]], version: str) -> dict[str, str]:
    """The values by key; raises InvalidInput that names the first key at fault."""
    if len(values) > MOST_VALUES:
        raise InvalidInput(
            "too_many_values",
            _("A template holds at most %(most)s values.") % {"most": MOST_VALUES},
            field="values",
        )
    found: dict[str, str] = {}
    seen: set[str] = set()
    for key, value in values:
        checked = checked_key(key, version, field="values")
        check_value(checked, value, version, field="values")
        if folded(checked) in seen:
            raise InvalidInput(
                "key_twice", _("%(key)s is named twice.") % {"key": checked}, field="values"
            )
        seen.add(folded(checked))
        found[checked] = value
    return found


def checked_key(text: str, version: str, *, field: str = "key") -> str:
    """The key in its one spelling; InvalidInput for what is none, and for secrets."""
    place = parse_key(text, version)
    if place is None:
        message = (
            _("%(key)s is no configuration key of OCPP 1.6: 1 to 50 characters without spaces.")
            if version == "1.6"
            else _(
                "%(key)s is no variable of OCPP 2.0.1: write Component.Variable, with "
                "[instance] and @evse where needed."
            )
        )
        raise InvalidInput("key_form", message % {"key": text[:80]}, field=field)
    if is_secret_key(place.key):
        raise InvalidInput(
            "secret_key",
            _("%(key)s is a secret: it is set on the station alone and never kept in clear.")
            % {"key": place.key},
            field=field,
        )
    return place.key


def check_value(key: str, value: str, version: str, *, field: str = "value") -> None:
    """Refuse values that no station takes: too long (1.6 §7.6: 500) or with control signs."""
    most = 500 if version == "1.6" else VALUE_LENGTH
    if len(value) > most or any(not c.isprintable() for c in value):
        raise InvalidInput(
            "value_form",
            _("The value of %(key)s has more than %(most)s characters, or one without a shape.")
            % {"key": key, "most": most},
            field=field,
        )


def _put_values(
    row: ConfigurationTemplate,
    given: Mapping[str, str],
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    present = dict(row.values.order_by("key").values_list("key", "value"))
    wanted = dict(sorted(given.items()))
    if present == wanted:
        return
    before["values"], after["values"] = present, wanted
    row.values.all().delete()
    TemplateValue.objects.bulk_create(
        TemplateValue(operator_id=row.operator_id, template=row, key=key, value=value)
        for key, value in wanted.items()
    )


def _put_targets(
    row: ConfigurationTemplate,
    sites: Iterable[Site] | None,
    stations: Iterable[Station] | None,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    for name, wanted in (("site", sites), ("station", stations)):
        if wanted is None:
            continue
        chosen = {one.pk: one for one in wanted}
        present = row.targets.exclude(**{name: None})
        held = set(present.values_list(f"{name}_id", flat=True))
        if held == set(chosen):
            continue
        before[f"{name}s"] = sorted(str(getattr(t, name)) for t in present.select_related(name))
        after[f"{name}s"] = sorted(str(one) for one in chosen.values())
        present.exclude(**{f"{name}__in": list(chosen)}).delete()
        TemplateTarget.objects.bulk_create(
            TemplateTarget(operator_id=row.operator_id, template=row, **{name: chosen[pk]})
            for pk in sorted(set(chosen) - held)
        )


@transaction.atomic
def delete_template(*, template: ConfigurationTemplate, reason: str = "") -> None:
    """Remove a template; stations keep their values, which are no longer desired by it."""
    record(
        "template.delete",
        template,
        operator_id=template.operator_id,
        before={
            "name": template.name,
            "values": dict(template.values.values_list("key", "value")),
        },
        reason=reason,
    )
    template.delete()
    _all_due()


def _all_due() -> None:
    """Every station of the operator in scope is compared anew, soon."""
    ConfigurationState.objects.update(is_due=True)
    soon(follow_configuration)


@transaction.atomic
def put_override(*, station: Station, key: str, value: str, reason: str = "") -> ValueOverride:
    """Desire a value for one station, whatever the templates say.

    Refuses a station whose OCPP version is not known, what is no key of it, and secrets.
    """
    version = _version(station)
    checked = checked_key(key, version)
    check_value(checked, value, version)
    row: ValueOverride | None = ValueOverride.objects.filter(
        station=station, key__iexact=checked
    ).first()
    before = {} if row is None else {row.key: row.value}
    if row is None:
        row = ValueOverride(operator_id=station.operator_id, station=station, key=checked)
    row.value, row.reason = value, reason
    row.full_clean(validate_constraints=False)
    row.save()
    _record_override(station, before, {checked: value}, reason)
    refresh(station)
    return row


@transaction.atomic
def remove_override(*, station: Station, key: str, reason: str = "") -> str:
    """Let the templates decide again about a key, which is returned in its spelling;
    RuleViolation when the station has no value of its own."""
    own = ValueOverride.objects.filter(station=station, key__iexact=key.strip())
    row: ValueOverride | None = own.first()
    if row is None:
        raise RuleViolation(
            "no_override", _("The station has no value of its own for this key."), field="key"
        )
    _record_override(station, {row.key: row.value}, {}, reason)
    row.delete()
    refresh(station)
    return row.key


def _version(station: Station) -> str:
    link = link_of(station)
    if link is None or not link.ocpp_version:
        raise RuleViolation(
            "version_unknown",
            _("The station has never connected, so its OCPP version is not known."),
        )
    return link.ocpp_version


def _record_override(
    station: Station, before: dict[str, Any], after: dict[str, Any], reason: str
) -> None:
    record(
        "station.desired_value",
        station,
        operator_id=station.operator_id,
        before=before,
        after=after,
        reason=reason,
    )
