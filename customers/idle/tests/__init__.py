"""Tests of idle notices."""
