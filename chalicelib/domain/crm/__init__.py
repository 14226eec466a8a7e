"""The people and things that sales teams work on."""
