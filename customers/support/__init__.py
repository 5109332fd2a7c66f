"""The first line: one call page, and support cases with their logs."""
