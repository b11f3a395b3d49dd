"""一件事: several items of a bundle applied for at once. One module a verb's family."""
