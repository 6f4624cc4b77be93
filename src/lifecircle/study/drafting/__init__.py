"""A folder of files becomes a commented study file."""
