"""The parts of the converter for GitHub's workflows and composite actions."""
