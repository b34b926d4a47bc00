"""What uv needs: the lock, the index, the binary."""
