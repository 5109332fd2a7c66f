"""What station events are about, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: Final[dict[str, str | Promise]] = {
    "data_transfer": _("Vendor message"),
    "firmware": _("Firmware"),
    "log": _("Log"),
    "monitoring": _("Monitoring"),
    "monitors": _("Monitors"),
    "profiles": _("Charging profiles"),
    "security": _("Security"),
}
