"""What the package knows: data, models, metrics. Nothing here reads, writes or tracks."""
