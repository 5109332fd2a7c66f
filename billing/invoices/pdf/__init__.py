"""Invoices on paper: a document set with typst into a tagged PDF."""

from billing.invoices.pdf.render import render_invoice

__all__ = ["render_invoice"]
