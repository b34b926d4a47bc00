"""What Poetry means: its configuration, constraints, settings and lock, read but never changed."""
