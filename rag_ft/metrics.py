"""Measures by their public definitions."""
