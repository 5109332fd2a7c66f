"""Ways on which notifications go; more can be plugged in by NOTIFICATION_WAYS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Membership
from core.notifications.models import Notification
from core.plugins import plugged

Send = Callable[[Membership, Sequence[Notification]], str]


@dataclass(frozen=True, slots=True)
class Way:
    """One way. ``send`` takes all that is due for a member and returns what went wrong, or "";
    None: the notification is read on the page and never sent. ``is_own``: it needs something
    that only the person can give, so that no role can be given it."""

    name: str
    label: str | Promise
    send: Send | None = None
    keeps_quiet: bool = True
    is_own: bool = False


PAGE = Way("page", _("On the page"))


def ways() -> dict[str, Way]:
    """All ways by name, in the order of the setting."""
    found: tuple[Way, ...] = plugged("NOTIFICATION_WAYS")
    return {way.name: way for way in found}
