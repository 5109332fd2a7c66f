"""Telling people what happened: who wants to know what, by which way, and when."""
