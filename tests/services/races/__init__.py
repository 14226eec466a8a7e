"""The race matrix: what may happen between any two calls of whoever moves an enrollment."""
