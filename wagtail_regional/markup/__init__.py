"""HTML of what pages show by the thousand: rows of the registry, composed in Python.

A page of a large section has a thousand members and hundreds of programmes. As Django templates,
each made of a few others, they took nine tenths of the time that such a page takes.
"""
