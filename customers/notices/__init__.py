"""Telling payers by mail what happened to their invoices and cards."""
