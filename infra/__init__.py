"""The plot the house stands on: what AWS holds for us, its operator's tools, and the laptop."""
