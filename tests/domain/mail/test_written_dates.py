"""Dates as clients write them in bodies."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.mail.written_dates import read_written_date


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 3 Nov 2021 15:51:30 +0100",
        "Wed, Nov 3, 2021 at 2:51:30 PM",
        "3. listopad_u 2021, 2021-11-03 14:51:30",
        "3 November 2021 at 16:51:30 GMT+2",
        "3. November 2021 um 12:21:30 UTC-02:30",
        "mercredi 3 novembre 2021 14:51:30",
        "3 de noviembre de 2021, 14:51:30",
        "mié. 3 nov. 2021 14:51:30",
        "ke 3. marrask. 2021 klo 14.51.30",
        "ср, 3 нояб. 2021 г. в 14:51:30",
        "3/11/2021 14:51:30, 2021/11/03 14:51:30",
        "2021年11月3日 下午2:51:30",
        "2021년 11월 3일 오후 2:51:30",
        "November 3rd, 2021 2:51:30 p.m.",
        "03.11.2021 14:51:30",
    ],
)
def test_a_date_is_read_in_any_language(text: str) -> None:
    assert read_written_date(text) == datetime(2021, 11, 3, 14, 51, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("10/28/2021 12:05 AM", datetime(2021, 10, 28, 0, 5, tzinfo=UTC)),
        ("28/10/2021", datetime(2021, 10, 28, tzinfo=UTC)),
        ("11/11/2021", datetime(2021, 11, 11, tzinfo=UTC)),
        ("room 12; Nov 3, 2021", datetime(2021, 11, 3, tzinfo=UTC)),
        ("mar. 2 mars 2021", datetime(2021, 3, 2, tzinfo=UTC)),
        ("Tue, yesterday: 2021-10-28", datetime(2021, 10, 28, tzinfo=UTC)),
    ],
)
def test_a_date_may_lack_a_time(text: str, expected: datetime) -> None:
    assert read_written_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "3/11/2021",
        "3 listopada 2021",
        "some day in 2021",
        "31 February 2021",
        "2021-13-45",
        "3 Nov 2021 25:99",
        "3 Nov 2021 10:00 GMT+99",
    ],
)
def test_a_date_that_could_be_two_days_is_no_date(text: str) -> None:
    assert read_written_date(text) is None
