"""A panel that an upper floor puts on a page of a lower one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its heading, the template of its body, and what that template shows as
    ``panel``."""

    title: str | Promise
    template: str
    content: Mapping[str, Any] = field(default_factory=dict)
