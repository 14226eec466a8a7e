"""What Sekvens costs: requests and capacity units, counted on the emulator, never guessed.

`make bench` prints the tables and writes `build/bench.json`. Units and requests do not depend on
the machine; times do, and stand here only as ratios within one run.
"""
