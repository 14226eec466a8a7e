"""How hard properties are tried: a little while working, a lot and always alike in CI.

Imported by `tests/conftest.py` for its effect; `HYPOTHESIS_PROFILE` chooses.
"""

import os
from typing import Final

from hypothesis import HealthCheck, settings

PROFILE: Final = os.environ.get("HYPOTHESIS_PROFILE", "dev")

# A first example pays for lazy imports and a busy machine: time per example says nothing here.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    max_examples=500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(PROFILE)
