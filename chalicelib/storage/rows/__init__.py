"""The shapes of rows in the table and their two translations; seen by storage only."""
