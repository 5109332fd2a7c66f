"""Tests of what is said to Stripe."""
