"""Tests of domain/sequences."""
