"""Vector files of any kind to checked layers."""
