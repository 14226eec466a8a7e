"""What no linter can say about the house: words, sizes, floors, and the plot it stands on."""
