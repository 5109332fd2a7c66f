"""Why an amount of the basis is not known, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HELD_BACK: Final[dict[str, Promise]] = {
    "unpriced": _("A price of the month is missing"),
    "undecided": _("Waits for a decision"),
}
