"""New projects from a Copier template, and old ones carried forward: `unverse new`."""
