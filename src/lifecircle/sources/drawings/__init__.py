"""Topographic maps as DXF."""
