"""Files into Documents: one module a format, all giving the tree of numbered paragraphs."""
