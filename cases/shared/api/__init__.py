"""The API of what halls share about their cases."""
