"""Who pays: billing accounts, price groups, dated fees."""
