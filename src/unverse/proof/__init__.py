"""Claims about a migration, each with its evidence."""
