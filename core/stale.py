"""Forms that were opened before somebody else changed the same thing.

The form carries what its fields held when it was opened. At the save three versions are known:
what was there then, what is there now, and what the person wants. A field that only one side
changed is no conflict; one that both changed is shown, with who changed it, and saves with the
next submit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.models import AuditEntry

FIELD = "seen"
CHANGED_MEANWHILE = gettext_lazy("Somebody else changed this meanwhile; nothing is saved.")
_SALT = "core.stale"


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two people changed: what it was, what it is now, and by whom."""

    label: str
    before: str
    now: str
    by: str
    at: datetime | None


def canonical(value: Any) -> Any:
    """A value of a form in a form that JSON keeps and that compares by meaning."""
    if value is None:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [canonical(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): canonical(one) for key, one in value.items()}
    return str(value)


def _comparable(field: forms.Field | None, value: Any) -> Any:
    """As ``canonical``; a field whose initial and cleaned values differ in kind says how
    (``comparable``), and the order of several chosen rows means nothing."""
    own = getattr(field, "comparable", None)
    if own is not None:
        return own(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return sorted(str(canonical(one)) for one in value or ())
    return canonical(value)


class StaleCheck:
    """The check of one form about one object. ``form`` holds the present values as initial.
    ``audit_names``: what the audit trail calls fields, where it is not the field's name."""

    def __init__(
        self,
        request: HttpRequest,
        form: forms.BaseForm,
        objects: Iterable[models.Model],
        *,
        audit_names: Mapping[str, str] | None = None,
    ) -> None:
        self.form = form
        self.audit_names = audit_names or {}
        self.objects = list(objects)
        self.now = {
            name: _comparable(field, form.get_initial_for_field(field, name))
            for name, field in form.fields.items()
        }
        self.token = token_of(self.now)
        self.clashes: list[Clash] = []
        self._seen = self._read(request.POST.get(FIELD, ""))

    def _read(self, token: str) -> dict[str, Any]:
        """What the form showed when it was opened; the present where it does not say."""
        seen = seen_in(token)
        if seen is None:
            return self.now
        return {name: seen.get(name, value) for name, value in self.now.items()}

    def context(self) -> dict[str, Any]:
        """What components/form.html needs."""
        return {"seen": self.token, "clashes": self.clashes}

    def changes(self) -> dict[str, Any] | None:
        """The cleaned values that the person changed; None after a clash, which is shown.

        Values that somebody else changed meanwhile and this person left alone stay as they are.
        """
        cleaned = self.form.cleaned_data
        fields = self.form.fields
        wanted = {name: _comparable(fields.get(name), value) for name, value in cleaned.items()}
        mine = {name for name, value in wanted.items() if value != self._seen.get(name)}
        theirs = {name for name, value in self.now.items() if self._seen[name] != value}
        both = [n for n in wanted if n in mine & theirs and wanted[n] != self.now[n]]
        if both:
            self.clashes = self._describe(both)
            self.form.add_error(None, CHANGED_MEANWHILE)
            return None
        return {name: cleaned[name] for name in mine}

    def _describe(self, names: list[str]) -> list[Clash]:
        entries = _entries(self.objects)
        return [self._clash(name, entries) for name in names]

    def _clash(self, name: str, entries: list[AuditEntry]) -> Clash:
        field = self.form.fields[name]
        label, before = str(field.label or name), _shown(field, self._seen[name])
        audit_name = self.audit_names.get(name, name)
        entry = next((e for e in entries if audit_name in e.after), None)
        return _clash(label, before, _shown(field, self.now[name]), entry)


def token_of(values: Mapping[str, Any]) -> str:
    """What a form carries of the values that it showed."""
    return signing.dumps(dict(values), salt=_SALT, compress=True)


def seen_in(token: str) -> dict[str, Any] | None:
    """The values that a form showed; None for what is no token of ours."""
    try:
        seen: dict[str, Any] = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return seen


def clash_of(
    objects: Iterable[models.Model], name: str, value: Any, *, label: str, before: str, now: str
) -> Clash:
    """A clash outside a form's fields: by whom is told by the audit entry that set the value."""
    entries = _entries(list(objects))
    entry = next((e for e in entries if e.after.get(name) == value), None)
    return _clash(label, before, now, entry)


def _clash(label: str, before: str, now: str, entry: AuditEntry | None) -> Clash:
    by = entry.actor_label if entry else _("the station itself")
    return Clash(label, before, now, by, entry.at if entry else None)


def _entries(objects: list[models.Model]) -> list[AuditEntry]:
    """The latest changes of the objects, newest first."""
    found = AuditEntry.objects.filter(
        object_type__in={one._meta.label_lower for one in objects},
        object_id__in=[str(one.pk) for one in objects],
    )
    return list(found.order_by("-at", "-id")[:50])


def _shown(field: forms.Field, value: Any) -> str:
    """A value as the form words it."""
    values = value if isinstance(value, list) else [value]
    choices = getattr(field, "choices", None)
    words = {}
    if choices is not None and not callable(choices):
        words = {str(getattr(key, "value", key)): str(label) for key, label in choices}
    return ", ".join(words.get(str(one), str(one)) for one in values if one != "") or "–"
