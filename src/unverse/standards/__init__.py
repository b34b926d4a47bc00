"""The interoperability standards: names (PEP 503), markers (PEP 508), environments."""
