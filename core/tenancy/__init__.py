"""Floor 2: who is the tenant."""
