"""Addresses and names to places, without a network."""
