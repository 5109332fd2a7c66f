"""Limits of a token, a driver or a company: how much, where and when."""
