"""One reader per file format: bytes in, rows of cells out, nothing held in memory."""
