"""Words of a hall's people for its pages."""
