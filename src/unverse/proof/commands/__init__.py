"""What a command of Poetry and a command of uv mean, read independently of the translation."""
