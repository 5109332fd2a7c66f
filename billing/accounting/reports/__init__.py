"""What accountants ask for each month: reports with fixed columns, each tied to an account."""
