"""Files from and to banks: what was paid in, and what is to be paid out."""
