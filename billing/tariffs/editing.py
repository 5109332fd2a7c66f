"""The two editors of a draft: the few numbers of a template, or rule by rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from billing.tariffs.documents import refusal
from billing.tariffs.forms import SimpleForm
from billing.tariffs.lint_words import DAYS
from billing.tariffs.model import Tariff as PureTariff
from billing.tariffs.model import TariffError, dump_tariff, parse_tariff
from billing.tariffs.models import Tariff
from billing.tariffs.rule_forms import RuleForm, WholeForm, rule_count, rule_forms
from billing.tariffs.rules import NotReadable, tariff_of, values_of, whole_values
from billing.tariffs.starters import Simple, build
from core.forms import posted


class SimpleEditor:
    """The form of a template."""

    mode = "simple"

    def __init__(self, request: HttpRequest, start: Simple) -> None:
        self.form = SimpleForm(posted(request), start=start)
        self.starter = start.starter

    def document(self, tariff: Tariff) -> dict[str, Any] | None:
        """What was entered as a document; None when it is not valid, which the form shows."""
        if not self.form.is_valid():
            return None
        return _sound(build(self.form.simple(tariff)), self._refuse)

    def _refuse(self, message: str) -> None:
        self.form.add_error(None, message)

    def context(self) -> dict[str, Any]:
        """For the template."""
        return {"editor": self, "form": self.form, "week_days": DAYS}


class RuleEditor:
    """One form a rule and one for the whole. ``do`` of what was sent says what button it was:
    add, remove-2, up-2, copy-2; then nothing is saved and the forms come again, changed."""

    mode = "rules"

    def __init__(self, request: HttpRequest, base: PureTariff) -> None:
        self.base = base
        data = posted(request)
        self.rearranged = data is not None and _is_rearrangement(data.get("do", ""))
        if data is not None and self.rearranged:
            data = rearranged(data, data.get("do", ""))
        stored = [values for element in base.elements for values in values_of(element)]
        needs_rule = base.extras.spot is None and not base.extras.announced_afterwards
        self.rules = rule_forms(data, stored or ([{}] if needs_rule else []))
        self.whole = WholeForm(data, initial=whole_values(base))
        if self.rearranged:
            _forget_errors([*self.rules, self.whole])

    def document(self, tariff: Tariff) -> dict[str, Any] | None:
        """What was entered as a document; None when it is not valid."""
        wrong = [form for form in (*self.rules, self.whole) if not form.is_valid()]
        empty = [form for form in self.rules if form not in wrong and form.has_no_price()]
        for form in empty:
            form.add_error("energy", _("A rule needs a price; 0 is one too."))
        if wrong or empty:
            return None
        try:
            pure = tariff_of(
                self.base, self.whole.cleaned_data, [form.cleaned_data for form in self.rules]
            )
        except NotReadable as error:
            self.whole.add_error(error.field, _("This cannot be read; write it as shown below."))
            return None
        return _sound(pure, self._refuse)

    def _refuse(self, message: str) -> None:
        self.whole.add_error(None, message)

    def context(self) -> dict[str, Any]:
        """For the template."""
        return {"editor": self, "rules": self.rules, "whole": self.whole}


def _forget_errors(forms: list[Any]) -> None:
    """Forms that only were rearranged are not judged."""
    for form in forms:
        form.is_valid()
        form.errors.clear()


def _is_rearrangement(button: str) -> bool:
    return button.partition("-")[0] in {"add", "remove", "up", "copy"}


def _sound(pure: PureTariff, refuse: Callable[[str], None]) -> dict[str, Any] | None:
    """The document, when it reads back; else the refusal is shown."""
    document: dict[str, Any] = dump_tariff(pure)
    try:
        parse_tariff(document)
    except TariffError as error:
        refuse(refusal(error))
        return None
    return document


def rearranged(data: QueryDict, button: str) -> QueryDict:
    """What was sent with the rules added to, removed, moved or copied. An added rule comes
    first, since the first that holds counts; one that is out of reach changes nothing."""
    name, _sign, text = button.partition("-")
    count = rule_count(data)
    order: list[int | None] = list(range(count))
    at = int(text) if text.isdigit() and int(text) < count else -1
    if name == "add":
        order.insert(0, None)
    elif at < 0:
        return data
    elif name == "remove":
        order.remove(at)
    elif name == "copy":
        order.insert(at, at)
    elif at > 0:
        order[at - 1], order[at] = order[at], order[at - 1]
    return _in_order(data, order)


def _in_order(data: QueryDict, order: list[int | None]) -> QueryDict:
    fields = list(RuleForm.base_fields)
    made = data.copy()
    for key in list(made):
        if key.startswith("r") and "-" in key and key.partition("-")[0][1:].isdigit():
            del made[key]
    for place, old in enumerate(order):
        for field in fields:
            values = [] if old is None else data.getlist(f"r{old}-{field}")
            if values:
                made.setlist(f"r{place}-{field}", values)
    made["rules"] = str(len(order))
    return made
