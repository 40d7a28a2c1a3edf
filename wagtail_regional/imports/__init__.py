"""Importing into the registry, repeatably, and exporting it to the same tables.

A reader (`csv_files`, `xlsx_files`, `oeapi`, `ror`) turns a file into records; `planning` compares
them with the registry and says what would change; `writing` does it; `running` is all of this in
one transaction.
"""
