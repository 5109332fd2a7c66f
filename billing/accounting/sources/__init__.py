"""What is booked: each kind of row that becomes an entry of the journal."""
