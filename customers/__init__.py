"""Who charges: companies, drivers and their id tokens."""
