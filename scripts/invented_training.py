"""Many invented courses and strategies, for measuring only."""

from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.models import Group

from accounts.models import User
from core.conflicts import BaseVersion, mark_of
from directory.models import Municipality
from directory.operating import OperatingRole
from partnerships.actions import register
from partnerships.models import Partnership, PartnershipSide, SideContact
from training.actions import answers, cloning, editing, strategies
from training.choices import Section, State
from training.loading import load_curriculum
from training.models import Course, Enrolment, Lesson, LessonDone, Module, QuizDone, Strategy
from training.section_texts import texts
from training.section_values import in_language
from training.sections import LAYOUT, Ask, Kind

SLUG = "digitale-partnerschaft"


def make_courses(people: list[User], *, number: int, now: datetime, random: Random) -> list[str]:
    """Everybody takes part in each of them; every tenth has done everything."""
    load_curriculum()
    first = Course.objects.get(slug=SLUG)
    first.state = State.PUBLISHED
    editing.save_course(course=first, now=now)
    courses = [first]
    for at in range(1, number):
        titles = {"de": f"Kurs {at}", "en": f"Course {at}"}
        made = cloning.clone_course(
            course=first, slug=f"kurs-{at}", titles=titles, shift=0, by=people[0], now=now
        )
        editing.publish(course=made, by=people[0], now=now)
        courses.append(made)
    for course in courses:
        _enrol(course, people, now=now, random=random)
    return [course.slug for course in courses]


def _enrol(course: Course, people: list[User], *, now: datetime, random: Random) -> None:
    rows = []
    for person in people:
        begun = now - timedelta(days=random.randint(30, 120))
        active = begun + timedelta(days=random.randint(0, 30))
        rows.append(Enrolment(course=course, person=person, enrolled_at=begun, active_at=active))
    Enrolment.objects.bulk_create(rows, batch_size=2000)
    lessons = list(Lesson.objects.filter(module__course=course))
    modules = list(Module.objects.filter(course=course))
    done, tried = [], []
    for at, row in enumerate(rows):
        everything = at % 10 == 9
        some = lessons if everything else lessons[: random.randint(0, len(lessons) - 1)]
        done += [LessonDone(enrolment=row, lesson=lesson, done_at=now) for lesson in some]
        tried += [QuizDone(enrolment=row, module=module, done_at=now) for module in modules if everything]
    LessonDone.objects.bulk_create(done, batch_size=5000)
    QuizDone.objects.bulk_create(tried, batch_size=5000)


def make_strategies(reader: User, *, coach: User, number: int, now: datetime) -> str:
    """The reader looks after the first one and coaches the others; each has two versions. The first one's address."""
    role, _is_new = Group.objects.get_or_create(name=OperatingRole.COACH)
    for person in (reader, coach):
        person.groups.add(role)
    towns = list(Municipality.objects.order_by("pk")[: number + 1])
    made = []
    for at in range(number):
        register(
            sides=[towns[at], towns[at + 1]], facts={"kind": "partnership"}, topics=[], slug=f"gemessen-{at}",
            is_demo=False, publish_at=now,
        )  # fmt: skip
        made.append(Partnership.objects.get(slug=f"gemessen-{at}"))
    writer = User.objects.create_user("writer@example.org", display_name="Schreibt")
    for at, partnership in enumerate(made):
        side = PartnershipSide.objects.filter(partnership=partnership).order_by("position").first()
        by = reader if at == 0 else writer
        SideContact.objects.create(side=side, person=by, since=now)
        _write(partnership, by, coach, is_whole=at == 0, now=now - timedelta(days=at % 60))
    return made[0].slug


def _write(partnership: Partnership, by: User, coach: User, *, is_whole: bool, now: datetime) -> None:
    row = strategies.begin_strategy(partnership=partnership, languages=["de", "hu"], by=by, now=now)
    codes = tuple(Section) if is_whole else tuple(Section)[:2]
    for code in codes:
        _fill(row, code, by, now=now)
    version = strategies.send_sections(strategy=row, codes=codes, by=by, now=now)
    back = {code: answers.Answer(is_good=False, comment="Bitte genauer.") for code in version.sent}
    answers.answer_version(version=version, answers=back, by=coach, now=now)
    _fill(row, Section.STATE, by, now=now, more=" Und seither jedes Jahr.")
    strategies.send_sections(strategy=row, codes=codes, by=by, now=now)


def _fill(strategy: Strategy, code: Section, by: User, *, now: datetime, more: str = "") -> None:
    """With the examples of the form itself, the needed field in any case."""
    words = texts("de")[code]
    section = strategy.sections.get(code=code)
    values = in_language(code, section.values, "de")
    said = {
        part.name: words[part.name]["example"] + more
        for part in LAYOUT[code]
        if isinstance(part, Ask) and part.kind == Kind.TEXT
    }
    said |= {
        name: "Beispiel"
        for name, value in values.items()
        if name.split("_")[-1] in ("who", "what", "tool", "task") and not value
    }
    base = BaseVersion(section.version)
    base.marks = {name: mark_of(value) for name, value in values.items()}
    strategies.save_section(section=section, language="de", typed=said, base=base, by=by, now=now)
