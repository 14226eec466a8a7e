"""What programs elsewhere are told of what happens here, and what may go where."""
