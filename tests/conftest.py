"""What all tests share."""

import os

from hypothesis import settings

pytest_plugins = ("tests.servers",)

settings.register_profile("check", max_examples=50, deadline=None)
settings.register_profile("nightly", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))
