"""gaps.xlsx: one module a sheet, laid out as blocks, drawn by `book`."""
