"""What the package knows about bikes; no input, no output."""
