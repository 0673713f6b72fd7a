"""`make bench`: the figures a page may cost, measured (see bench/__main__.py)."""
