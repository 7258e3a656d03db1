"""Training rows: questions grounded in the passages that our own search returns."""
