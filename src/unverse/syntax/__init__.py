"""Text to addressed spans. Nothing here knows Poetry."""
