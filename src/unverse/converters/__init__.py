"""One file for each kind of file in which Poetry shows up."""
