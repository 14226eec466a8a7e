"""What moves an enrollment's instants, put together from sequence, tenant, user and recipient."""

from datetime import time
from typing import Final

from chalicelib.domain.crm.settings import TenantSettings
from chalicelib.domain.crm.users import User
from chalicelib.domain.crm.working_time import Weekday, WorkingHours
from chalicelib.domain.sequences import settings as sequence_settings
from chalicelib.domain.sequences.calendars import Absence, Calendar, Times, Window
from chalicelib.domain.sequences.settings import SendWindow

_DAYS: Final = tuple(Weekday)


def times_of(
    settings: sequence_settings.Settings,
    *,
    tenant: TenantSettings,
    sender: User | None,
    country: str | None,
) -> Times:
    """Return what to respect; `country` is the recipient's, the sender's stands in for it.

    A day is worked if the sender works on it and the recipient's country does.
    """
    business = tenant.business_calendar
    hours = (sender.working_hours if sender else None) or business.working_hours
    calendar = Calendar(
        weekend=_days_without_hours(hours),
        days_off=frozenset(business.days_off),
        country=country or (sender.country if sender else None) or business.holiday_country,
    )
    return Times(
        calendar=calendar,
        working_days_only=settings.working_days_only,
        window=_window(settings.send_window, calendar, is_worked_only=settings.working_days_only),
        absence=_absence(sender),
    )


def _window(given: SendWindow | None, calendar: Calendar, *, is_worked_only: bool) -> Window | None:
    if given is None:
        return None
    open_days = {each.value for each in given.days}
    shut = frozenset(at for at, day in enumerate(_DAYS) if day.value not in open_days)
    days = Calendar(weekend=shut)
    if is_worked_only:
        days = Calendar(
            weekend=shut | calendar.weekend, days_off=calendar.days_off, country=calendar.country
        )
    return Window(
        opens=time.fromisoformat(given.opens),
        closes=time.fromisoformat(given.closes),
        calendar=days,
    )


def _absence(sender: User | None) -> Absence | None:
    if sender is None or not sender.time_off:
        return None
    return Absence(name=sender.name, zone=sender.time_zone, times=sender.time_off)


def _days_without_hours(hours: WorkingHours) -> frozenset[int]:
    return frozenset(at for at, day in enumerate(_DAYS) if not hours.get(day))
