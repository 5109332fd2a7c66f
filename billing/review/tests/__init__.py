"""Tests of held sessions."""
