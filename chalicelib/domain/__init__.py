"""What is true: the rules of the product, free of clocks, networks and storage."""
