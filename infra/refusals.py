"""One sentence at the terminal, not a traceback, where the .venv or AWS settings are missing."""

import sys
from typing import NoReturn


def refuse_without_packages(missing: ModuleNotFoundError) -> NoReturn:
    """End, and say with which Python it works."""
    sys.exit(
        f"{missing.name} is not installed for this Python: run `make setup` once, "
        "then use .venv/bin/python instead."
    )


def aws_refusal(error: Exception) -> str:
    """Say what AWS, or the way to it, lacks."""
    cause = getattr(error, "cause", None) or error  # PynamoDB wraps botocore's
    match type(cause).__name__:
        case "NoRegionError":
            return "Which region? Set AWS_REGION, or AWS_PROFILE, as for the AWS CLI."
        case "NoCredentialsError" | "PartialCredentialsError" | "TokenRetrievalError":
            return "No AWS credentials were found: set AWS_PROFILE, or log in as for the AWS CLI."
        case _:
            return f"AWS refused: {cause}"
