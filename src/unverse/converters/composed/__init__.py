"""The parts of the converter of compose files."""
