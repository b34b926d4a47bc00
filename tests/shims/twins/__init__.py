"""The real tools and the launchers, with the same command lines in twin projects."""
