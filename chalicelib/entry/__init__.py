"""How requests, queues and clock ticks come in."""
