"""Jobs: files of items, and files of results."""
