"""Tests of domain/crm."""
