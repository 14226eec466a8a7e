"""Whom we tell and ask: clock, randomness, mail, queues."""
