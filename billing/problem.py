"""The error of the pure rules of invoices and books: a stable code and a sentence (pure)."""

from __future__ import annotations


class MoneyProblem(ValueError):
    """Input that a rule refuses; ``code`` is stable, ``at`` says where, if anywhere."""

    def __init__(self, code: str, message: str, at: str = "") -> None:
        super().__init__(f"{at}: {message}" if at else message)
        self.code, self.message, self.at = code, message, at
