"""From results to files people read: map, workbook, layers and tables."""
