"""The basis of wages: what each employee charged, and what the company pays for it."""
