"""Everything that reads or writes."""
