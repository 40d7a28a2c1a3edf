"""What reading costs, measured beside a floor and beside how a site would write it itself.

Run it with ``make bench``; ``docs/how-to/benchmark.md`` says how to read what it prints.
"""
