"""Does the work."""
