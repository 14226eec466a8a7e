"""The operator's tools, and the plot against the house."""
