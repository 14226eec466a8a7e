"""The same timed work through Sekvens and through DBOS: cost, and what kill -9 leaves behind.

DBOS lives in an environment of its own (`requirements-bench.txt`), so its worker, and what both
workers share, import nothing but the standard library and DBOS.
"""
