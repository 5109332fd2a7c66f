"""The one error that services raise when a rule says no."""

from __future__ import annotations


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


class InvalidInput(RuleViolation):
    """The input itself is wrong, whatever the state of things; the API answers 422."""
