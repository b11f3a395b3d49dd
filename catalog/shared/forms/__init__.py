"""What people type about an item: one section a page, made from the model's fields and from the columns of its lists."""
