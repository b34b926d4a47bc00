"""What surrounds a job: where it computes, what it logs, measures and tells."""
