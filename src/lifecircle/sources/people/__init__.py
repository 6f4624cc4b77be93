"""Tables and grids of people, and the communities they live in."""
