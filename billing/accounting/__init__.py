"""Books: balanced entries, charts of accounts, reports of VAT, files for ledgers."""
