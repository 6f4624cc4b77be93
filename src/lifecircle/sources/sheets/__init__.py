"""Workbooks and text tables, as offices fill them in, to records."""
