"""Reminders and demands that came back: they wait to be printed."""

from __future__ import annotations

from typing import Final

from billing.dunning.models import DunningStep
from core.letters.models import Letter

LETTER: Final = "dunning_step"
MOST_ATTEMPTS: Final = 5


class DunningLetters:
    """Letters of steps. One that reached no address is not sent, and not tried again."""

    kind = LETTER

    def came_back(self, letter: Letter) -> None:
        """The address is no longer among those that it went to."""
        step = DunningStep.objects.select_for_update().filter(public_id=letter.ref).first()
        if step is None or letter.address not in step.sent_to:
            return
        left = [one for one in step.sent_to if one != letter.address]
        step.sent_to, step.error = left, letter.error
        if not left:
            step.sent_at, step.attempts = None, MOST_ATTEMPTS
        step.save(update_fields=["sent_to", "error", "sent_at", "attempts"])


letters = DunningLetters()
