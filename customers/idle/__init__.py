"""Telling drivers that charging has ended, and of the idle fee before it begins."""
