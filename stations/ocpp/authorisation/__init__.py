"""Who may charge: the protocol that upper floors implement, and the service that asks them."""
