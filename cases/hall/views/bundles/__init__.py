"""Pages of 一件事: several items applied for and followed as one."""
