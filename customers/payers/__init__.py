"""Which billing account pays for a driver or a company, from when until when."""
