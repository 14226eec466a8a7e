"""What Sekvens needs and costs at any size, computed from what was measured for one enrollment.

`make capacity` writes the tables of `docs/capacity.md` anew. The measured figures stand in
`benchmarks/measured.json` (`make bench-runner` writes them), prices and assumptions in
`benchmarks/capacity/prices.py`; nothing on the page is typed by hand but its words.
"""
