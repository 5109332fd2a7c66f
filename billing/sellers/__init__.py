"""Room of sellers: who stands on invoices, their number series, and who sells at which site."""
