"""What Sekvens costs at size: ticks among many, drains of many, one tenant beside a huge one.

`make bench-runner` tells it as tables and keeps `build/bench-runner.json`. Everything goes through
the doors that Lambda calls, with Lambda's events, on the emulator; requests and capacity units are
counted, never guessed, and CPU time is that of our own processes.
"""
