"""Pages of paying."""
