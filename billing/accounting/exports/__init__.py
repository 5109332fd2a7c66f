"""Files that ledgers of others read: SIE and CSV."""
