"""Runs CPD Hub on a machine that has Python and nothing else.

Standard library only: parts of this run before any package is installed.
Start reading at `__main__.py`; `python -m trial help` lists the commands.
"""
