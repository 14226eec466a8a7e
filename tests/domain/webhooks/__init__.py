"""Tests of what webhooks are told, and where they may be."""
