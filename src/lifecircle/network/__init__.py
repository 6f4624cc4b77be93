"""Streets as a graph: edges, closed estates, pins and the search kernel."""
