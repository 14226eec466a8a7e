"""Work that is too long for one request: what a job is, and how far it has come."""
