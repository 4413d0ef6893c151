# Answers for bills with dates, computed with Python's datetime. Stdin: one bill per line, as a
# merchant writes it: valid_from, expires_at and amounts, separated by spaces; "-" is no value.
#
#     2026-01-01 2036-06-30T12:00:00Z 2026-12-10=150000;2026-12-31=165000;175000
#
# Stdout: one line per bill: each moment, of ten years, at which the answer differs from the one
# before, with the answer: an amount, "bill_expired" or "bill_not_yet_valid".

import re
import sys
from datetime import date, datetime, time, timedelta, timezone

JAKARTA = timezone(timedelta(hours=7))
FIRST = date(2026, 1, 1)
LAST = date(2035, 12, 31)
# Of each day: the seconds around the midnight before it, the last millisecond of a date that ends
# there, and noon.
DISTANCES = [timedelta(milliseconds=ms) for ms in (-2000, -1001, -1000, 0, 1000, 12 * 3600 * 1000)]

TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))"
)


def moment(text, of_date):
    """The time of a text; that of a bare date is `of_date`, in Jakarta."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.combine(date(*map(int, text.split("-"))), of_date, JAKARTA)
    *clock, fraction, sign, hours, minutes = TIME.fullmatch(text).groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-offset if sign == "-" else offset)
    microseconds = int((fraction or "0").ljust(3, "0")[:3]) * 1000
    return datetime(*map(int, clock), microseconds, zone)


def end(text):
    return moment(text, time(23, 59, 59))


def beginning(text):
    return moment(text, time(0, 0, 0))


def moments():
    day = FIRST
    while day <= LAST:
        midnight = datetime.combine(day, time(), JAKARTA)
        for distance in DISTANCES:
            yield midnight + distance
        day += timedelta(days=1)


def answers(line, table):
    valid_from, expires_at, amounts = line.split()
    *steps, last = amounts.split(";")
    steps = [step.split("=") for step in steps]
    steps = [(end(until), amount) for until, amount in steps]
    begins = None if valid_from == "-" else beginning(valid_from)
    ends = None if expires_at == "-" else end(expires_at)

    def answer(now):
        if ends is not None and now >= ends:
            return "bill_expired"
        if begins is not None and now < begins:
            return "bill_not_yet_valid"
        for until, amount in steps:
            if now < until:
                return amount
        return last

    before = None
    for now, text in table:
        is_now = answer(now)
        if is_now != before:
            yield text + "=" + is_now
        before = is_now


def main():
    table = [(now, now.isoformat(timespec="milliseconds")) for now in moments()]
    for line in sys.stdin:
        print(*answers(line, table))


main()
