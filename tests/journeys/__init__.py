"""Stories told in days, through every door of a whole stack."""
