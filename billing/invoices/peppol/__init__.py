"""E-invoices: a document as Peppol BIS Billing 3.0."""

from billing.invoices.peppol.build import PeppolError, peppol_invoice
from billing.invoices.peppol.checks import Finding, check_peppol

__all__ = ["Finding", "PeppolError", "check_peppol", "peppol_invoice"]
