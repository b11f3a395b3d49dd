"""A city as a folder of data: read, completed, checked, then loaded. Knows no city by name."""
