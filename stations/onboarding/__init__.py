"""New stations: the way from a form to the first connection, and units that are replaced."""
