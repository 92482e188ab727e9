"""Cascading messaging: simulate a chain of channels, find the best one with a proof, run that very plan."""
