"""Stories of the doors: what wakes each, on a whole deployment, and what must hold afterwards.

The matrices that break things (killed processes, calls that fail) tell each story once for every
call that its door makes. A story is a row of a table; whoever adds a door adds a row.
"""
