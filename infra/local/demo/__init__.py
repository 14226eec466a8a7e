"""One story through every door of a stack of its own, with real mail: `make demo`."""
