"""The error of the rules of invoices, by the name that this room knows it by (pure)."""

from billing.problem import MoneyProblem

__all__ = ["MoneyProblem"]
