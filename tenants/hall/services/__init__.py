"""What changes a hall's people: one function a verb."""
