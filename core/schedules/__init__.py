"""Sending lists and reports by e-mail on a schedule.

What can be sent is a *file source* (``source.FileSource``, listed in the setting FILE_SOURCES):
anything that produces a file for a member's request, by a name and a query string. Lists are one
source. A schedule runs as its owner is at that time, and stops when the owner may no longer.
"""
