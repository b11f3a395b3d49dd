"""Reads of what halls share about their cases."""
