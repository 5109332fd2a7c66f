"""Stripe: the only room that knows it. docs/payments.md says what was tried against what."""
