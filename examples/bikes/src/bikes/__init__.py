"""Predict the number of bikes that riders will rent in the next hours."""
