"""A small application that keeps what it was called with, so that tests see Lambda's side."""
