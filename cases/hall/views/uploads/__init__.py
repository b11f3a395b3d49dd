"""Pages and addresses of files: sent in parts, arranged, kept, compared, marked."""
