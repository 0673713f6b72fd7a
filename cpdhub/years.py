"""Academic years as English schools keep them, until the school says otherwise."""

from datetime import date, timedelta

from cpdhub.models import AcademicYear, HalfTerm, School

MONDAY, FRIDAY = 0, 4


def first_year_of(day: date) -> int:
    """The calendar year in which the academic year holding this day begins."""
    return day.year if day.month >= 9 else day.year - 1


def year_name(first: int) -> str:
    """2026 → 2026/27"""
    return f"{first}/{(first + 1) % 100:02}"


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _on_or_before(day: date, weekday: int) -> date:
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def usual_half_terms(first: int) -> list[tuple[str, date, date]]:
    """Six half-terms with the dates most of England keeps (Easter as two weeks in April)."""
    name, second = HalfTerm.Name, first + 1
    autumn_ends = _on_or_before(date(first, 10, 24), FRIDAY)
    spring_ends = _on_or_before(date(second, 2, 15), FRIDAY)
    bank_holiday = _on_or_before(date(second, 5, 31), MONDAY)  # the week of it is free
    summer_ends = _on_or_before(bank_holiday, FRIDAY)
    return [
        (name.AUTUMN_1, date(first, 9, 1), autumn_ends),
        (
            name.AUTUMN_2,
            autumn_ends + timedelta(days=10),
            _on_or_before(date(first, 12, 20), FRIDAY),
        ),
        (name.SPRING_1, _on_or_after(date(second, 1, 3), MONDAY), spring_ends),
        (
            name.SPRING_2,
            spring_ends + timedelta(days=10),
            _on_or_before(date(second, 3, 31), FRIDAY),
        ),
        (name.SUMMER_1, _on_or_after(date(second, 4, 13), MONDAY), summer_ends),
        (
            name.SUMMER_2,
            summer_ends + timedelta(days=10),
            _on_or_before(date(second, 7, 23), FRIDAY),
        ),
    ]


def add_year(school: School, first: int) -> AcademicYear:
    """The academic year that begins in this calendar year, with its six half-terms.

    A year that is there already is returned as it is. The school's scope must be open.
    """
    year, is_new = AcademicYear.objects.get_or_create(
        school=school,
        name=year_name(first),
        defaults={"starts_on": date(first, 9, 1), "ends_on": date(first + 1, 8, 31)},
    )
    if is_new:
        HalfTerm.objects.bulk_create(
            HalfTerm(school=school, year=year, name=name, starts_on=start, ends_on=end)
            for name, start, end in usual_half_terms(first)
        )
    return year
