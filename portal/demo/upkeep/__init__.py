"""How the demo's network was kept up: who repairs, what broke, what was done."""
