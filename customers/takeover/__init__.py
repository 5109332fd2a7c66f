"""Taking over a site: several imports as one cohort, and how far each station has come."""
