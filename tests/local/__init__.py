"""The laptop: what stands in for AWS must give the functions what AWS gives them."""
