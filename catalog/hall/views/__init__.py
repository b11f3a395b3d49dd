"""A hall's home, lists and guides, and the staff's pages of items."""
