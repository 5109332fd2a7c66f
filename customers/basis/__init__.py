"""Charging basis of sites where nobody invoices: who charged what, for the property manager."""
