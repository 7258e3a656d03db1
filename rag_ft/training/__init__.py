"""Example rows into a reader folder; runs without an index."""
