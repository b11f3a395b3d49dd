"""The other side of the comparison: a Django view without halls, middleware or roles, one query of a plain table."""
