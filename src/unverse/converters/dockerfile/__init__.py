"""The parts of the converter of Dockerfiles."""
