"""What we keep: one store per aggregate, each built for one tenant."""
