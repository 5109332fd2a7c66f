"""Documents as JSON and back, exact: decimals and dates are texts (pure)."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from billing.invoices.document import Document
from billing.invoices.document_parts import DocumentError


def to_data(document: Document) -> dict[str, Any]:
    """The document in types that JSON has."""
    data = _plain(document)
    assert isinstance(data, dict)
    return data


def to_json(document: Document) -> str:
    """The document as JSON in canonical form: the same document, the same text."""
    return json.dumps(to_data(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_data(data: Mapping[str, Any]) -> Document:
    """The document of stored data. Raises DocumentError where it is none."""
    found = _read(Document, data, "")
    assert isinstance(found, Document)
    return found


def from_json(text: str) -> Document:
    """The document of a JSON text. Raises DocumentError where it is none."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise DocumentError("not_json", str(error)) from error
    return from_data(data)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _read(wanted: Any, value: Any, at: str) -> Any:
    if dataclasses.is_dataclass(wanted):
        return _object(wanted, value, at)
    arguments = get_args(wanted)
    if get_origin(wanted) in {Union, UnionType}:
        return None if value is None else _read(arguments[0], value, at)
    if get_origin(wanted) is tuple:
        _need(isinstance(value, list), "not_a_list", at)
        return tuple(_read(arguments[0], one, f"{at}[{n}]") for n, one in enumerate(value))
    return _scalar(wanted, arguments, value, at)


def _scalar(wanted: Any, choices: tuple[Any, ...], value: Any, at: str) -> Any:
    try:
        if wanted is Decimal:
            _need(isinstance(value, str), "not_a_text", at)
            number = Decimal(value)
            _need(number.is_finite(), "bad_number", at)
            return number
        if wanted in {date, datetime}:
            return wanted.fromisoformat(value)
    except (InvalidOperation, ValueError, TypeError) as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError("bad_value", f"is no {wanted.__name__}", at) from error
    if choices:
        _need(value in choices, "unknown_value", at)
    else:
        _need(type(value) is wanted, "bad_type", at)
    return value


def _object(wanted: Any, value: Any, at: str) -> Any:
    _need(isinstance(value, Mapping), "not_an_object", at)
    hints = get_type_hints(wanted)
    unknown = sorted(set(value) - set(hints))
    _need(not unknown, "unknown_field", f"{at}.{unknown[0]}" if unknown else at)
    found = {
        name: _read(hints[name], member, f"{at}.{name}".lstrip("."))
        for name, member in value.items()
    }
    try:
        return wanted(**found)
    except TypeError as error:
        raise DocumentError("missing", str(error), at) from error


def _need(holds: bool, code: str, at: str) -> None:
    if not holds:
        raise DocumentError(code, code.replace("_", " "), at)
