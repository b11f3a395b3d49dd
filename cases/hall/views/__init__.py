"""A hall's pages of a case: applying, following, the desk. They translate; services decide."""
