"""The pages of a hall's people."""
