"""Reads each of botocore's models once a process: tests make thousands of clients.

Every test starts without clients, as a cold start would, and each new session lists folders and
decodes megabytes of JSON anew. Nobody writes to the models; clients of one session share them too.
Imported by `tests/conftest.py` for its effect.
"""

from functools import cache

from botocore import session
from botocore.loaders import create_loader

session.create_loader = cache(create_loader)  # imported there by name
