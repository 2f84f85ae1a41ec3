"""How fast the refresh is, beside what the machine permits and beside other tools.

    python -m benchmarks.run --scale 1

`generate` writes a landing zone, `limit.sql` is the query that a person would write for exactly
these files, the `peer_…` modules give the same figures by other tools, `run` measures all of them
and writes RESULTS.md.
"""
