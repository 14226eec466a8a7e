"""Long work: asked for once, done page by page, found again wherever it was left."""
