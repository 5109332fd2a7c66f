"""Measurements of hot paths: each prints JSON and compares against a baseline of its run."""
