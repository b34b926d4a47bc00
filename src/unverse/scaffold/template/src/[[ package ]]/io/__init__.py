"""What the jobs read and write: tables, runs and models."""
