"""Whole-process measurements against a peer, in one run. `make bench` prints them."""
