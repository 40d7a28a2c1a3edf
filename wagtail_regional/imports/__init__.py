"""Importing into the registry, repeatably, and exporting it to the same tables.

A reader (`csv_files`, `xlsx_files`, `oeapi`, `ror`) turns a file into records; `planning` and
`comparing` compare them with the registry and say what would change; `writing` does it; `running`
is all of this in one transaction.
"""
