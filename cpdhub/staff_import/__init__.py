"""Staff records from a file: read, compared, previewed, written once, taken back exactly.

`columns` match names, `reading` reads lines, `comparing` says what they mean, `preview` keeps
that, `writing` writes what somebody confirmed, `undoing` takes it back. The steps people take
are in `steps`; what the worker does in `work`.
"""
