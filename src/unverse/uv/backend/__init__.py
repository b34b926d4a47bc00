"""Build backends: what Poetry built, and the configuration that makes another one build it."""
