"""Files on their way into a draft and out of it: in parts, page by page, from and to what a person keeps; and compared."""
