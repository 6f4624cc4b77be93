"""From shortfalls and land to sites, with a proof of how good they are."""
