"""Measured against others: `python -m benchmarks`."""
