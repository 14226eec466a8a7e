"""When EventBridge's expressions come round."""

from datetime import UTC, datetime

import pytest

from infra.local.schedule import next_round

AFTER = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    "expression,at",
    [
        ("rate(1 minute)", datetime(2026, 3, 2, 9, 31, tzinfo=UTC)),
        ("rate(5 minutes)", datetime(2026, 3, 2, 9, 35, tzinfo=UTC)),
        ("rate(1 hour)", datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        ("rate(1 day)", datetime(2026, 3, 3, 0, 0, tzinfo=UTC)),
        ("cron(15 3 * * ? *)", datetime(2026, 3, 3, 3, 15, tzinfo=UTC)),
        ("cron(0/20 9-10 * * ? *)", datetime(2026, 3, 2, 9, 40, tzinfo=UTC)),
        ("cron(0 8 ? * SUN *)", datetime(2026, 3, 8, 8, 0, tzinfo=UTC)),
        ("cron(0 8 ? * MON-FRI *)", datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        ("cron(0 0 1 1,7 ? *)", datetime(2026, 7, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_schedule_comes_round_strictly_later(expression: str, at: datetime) -> None:
    assert next_round(expression, AFTER) == at


@pytest.mark.parametrize("expression", ["rate(1 fortnight)", "cron(0 0 30 2 ? *)", "hourly"])
def test_what_never_comes_round_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"not a schedule|never comes round"):
        next_round(expression, AFTER)
