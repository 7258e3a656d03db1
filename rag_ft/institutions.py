"""Names of institutions: patterns, aliases, and the user's own list."""
