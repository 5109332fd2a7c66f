"""Firmware of stations: what runs where, files, campaigns; and logs fetched from stations."""
