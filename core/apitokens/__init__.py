"""API tokens as pages and API show them; they are made in core.accounts.apitokens."""
