"""Tests of firmware and logs."""
