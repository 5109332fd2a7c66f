"""What the sessions before and after on the same EVSE say about the register of one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from stations.sessions.models import Session


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The sessions around one. A register of an EVSE only counts up, so where the next session
    began is where this one ended."""

    session: Session
    before: Session | None = None
    after: Session | None = None

    @property
    def energy_wh(self) -> Decimal | None:
        """From where this session began to where the next one did; None where one is unknown or
        the register went back."""
        begin = self.session.meter_start_wh
        end = None if self.after is None else self.after.meter_start_wh
        if begin is None or end is None or end < begin:
            return None
        return end - begin

    @property
    def rows(self) -> list[tuple[Session, str]]:
        """The sessions in order, each with what it is called."""
        named = (
            (self.before, _("The one before")),
            (self.session, _("This one")),
            (self.after, _("The one after")),
        )
        return [(one, name) for one, name in named if one is not None]

    @property
    def is_any(self) -> bool:
        """Whether there is one to compare with."""
        return self.before is not None or self.after is not None


def neighbours_of(session: Session) -> Neighbours:
    """The nearest sessions on the EVSE, by when they began; two queries."""
    if session.evse_id is None or session.started_at is None:
        return Neighbours(session)
    others = Session.objects.filter(evse_id=session.evse_id).exclude(pk=session.pk)
    earlier = others.filter(started_at__lt=session.started_at).order_by("-started_at", "-pk")
    later = others.filter(started_at__gt=session.started_at).order_by("started_at", "pk")
    return Neighbours(session, earlier.first(), later.first())
