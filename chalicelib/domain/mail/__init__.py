"""Mail as we read, thread and link it."""
