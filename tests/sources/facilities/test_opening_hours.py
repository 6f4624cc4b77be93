"""Opening hours as offices and maps write them."""

from __future__ import annotations

import pytest

from lifecircle.sources.facilities.opening_hours import minutes_asked, read_hours


@pytest.mark.parametrize(
    "text",
    [
        *("", "看情况", "6-22", "25:00-26:00", "12:61-13:00", "8:00-8:00", "6:00", "off road"),
        *(
            "Mo-Fr 07:00-19:00",
            "Mo-Su 06:00-22:00; PH off",
            "sunrise-sunset",
            "6:00-22:00 周末除外",
        ),
    ],
)
def test_what_is_no_plain_daily_rule_is_not_guessed(text):
    assert read_hours(text) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        *[(one, "00:00-24:00") for one in ("24/7", "全天", "24小时", "全天开放", "0:00-24:00")],
        *[(one, "06:00-23:00") for one in ("6:00-23:00", "６：００－２３：００", "06:00～23:00")],
        *[(one, "06:00-23:00") for one in ("6时至23时", "6点—23点", "每天6:00到23:00")],
        *[(one, "06:00-23:00") for one in ("Mo-Su 06:00-23:00", "06:00-23:00;", "6:00--23:00")],
        ("5点30分-22点", "05:30-22:00"),
        ("6:00-9:00,16:30-19:00", "06:00-09:00,16:30-19:00"),
        ("16:30-19:00、6:00-9:00", "06:00-09:00,16:30-19:00"),
        ("6:00-9:00;8:00-10:00", "06:00-10:00"),
        ("22:00-06:00", "00:00-06:00,22:00-24:00"),
        ("5:30-次日1:00", "00:00-01:00,05:30-24:00"),
        *[(one, "off") for one in ("应急", "消防应急时开启", "常闭", "平时关闭", "off")],
    ],
)
def test_daily_hours_in_any_spelling_and_back(text, hours):
    found = read_hours(text)
    assert str(found) == hours
    assert read_hours(str(found)) == found


@pytest.mark.parametrize(
    ("hours", "start", "end", "covered"),
    [
        ("06:00-22:00", "06:00", "06:00", True),
        ("06:00-22:00", "05:59", "05:59", False),
        ("06:00-22:00", "22:00", "22:00", True),
        ("06:00-22:00", "06:30", "21:00", True),
        ("06:00-22:00", "05:30", "21:00", False),
        ("06:00-09:00,16:00-19:00", "08:00", "17:00", False),
        ("22:00-06:00", "23:00", "05:00", True),
        ("22:00-06:00", "23:00", "07:00", False),
        ("06:00-22:00", "21:00", "05:00", False),
        ("off", "10:00", "10:00", False),
    ],
)
def test_a_gate_is_open_when_it_is_all_the_time_asked(hours, start, end, covered):
    asked = minutes_asked(start if start == end else f"{start}-{end}")
    assert read_hours(hours).covers(*asked) is covered
