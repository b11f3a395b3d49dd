"""What changes a hall's catalogue: one function per verb."""
