"""Flows of steps, and one item's life inside them."""
