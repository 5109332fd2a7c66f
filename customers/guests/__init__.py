"""Charging without an account: a code on the connector, a page to pay on, a receipt."""
