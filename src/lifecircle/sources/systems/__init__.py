"""Which reference system coordinates are in, and how to leave it."""
