"""The floors again, plus architecture, corpus and journeys."""
