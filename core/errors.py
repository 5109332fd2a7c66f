"""The one error that services raise when a rule says no."""

from __future__ import annotations

from typing import Any


class RuleViolation(Exception):
    """A business rule refused the request.

    ``code`` is stable and machine-readable; ``message`` is a translated sentence that a
    person can act on; ``field`` names the input at fault, if one is.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field

    def __reduce__(self) -> tuple[Any, ...]:
        """As workers hand errors on: with its code and field."""
        return _remade, (type(self), self.code, self.message, self.field)


class InvalidInput(RuleViolation):
    """The input itself is wrong, whatever the state of things; the API answers 422."""


def _remade(kind: type[RuleViolation], code: str, message: str, field: str | None) -> RuleViolation:
    made = RuleViolation.__new__(kind)
    RuleViolation.__init__(made, code, message, field=field)
    return made
