"""The portal of drivers and companies: charge, understand, pay."""
