"""Day-ahead prices of electricity and exchange rates, and what a kilowatt-hour costs by them."""
