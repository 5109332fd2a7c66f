"""The REST API's common ground: callers, rights, errors, pages."""
