"""What is not a course's ZIP is refused before anything of it is unpacked; litter is left out."""

import stat
import zipfile
from io import BytesIO

import pytest

from tests.training.course_files_office import changed, everything, files_of, zipped
from training import course_zips
from training.course_zips import NotUsable, unpack

pytestmark = pytest.mark.django_db


def entry(name: str, **facts) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    for fact, value in facts.items():
        setattr(info, fact, value)
    return info


def with_entry(info: zipfile.ZipInfo, text: str | bytes = "x") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("course.toml", 'slug = "kurs"')
        archive.writestr(info, text)
    return file.getvalue()


def encrypted() -> bytes:
    content = bytearray(with_entry(entry("m01/module.toml")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(mark) + at] |= 1
    return bytes(content)


def wrong_name() -> bytes:
    return with_entry(entry("m01/images/ä.svg")).replace("ä".encode(), b"\xff\xfe")


def lying_about_sizes() -> bytes:
    content = zipped({"course.toml": "a" * 400_000})
    size = (400_000).to_bytes(4, "little")
    assert content.count(size) == 2
    return content.replace(size, (10).to_bytes(4, "little"))


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return with_entry(entry("course.toml"))


WRONG = {
    "up": (lambda: with_entry(entry("../m01/1.de.md")), "leads out"),
    "absolute": (lambda: with_entry(entry("/m01/1.de.md")), "leads out"),
    "backslash": (lambda: with_entry(entry("m01\\1.de.md")), "leads out"),
    "drive": (lambda: with_entry(entry("C:/1.de.md")), "leads out"),
    "within": (lambda: with_entry(entry("m01/../../1.de.md")), "leads out"),
    "link": (
        lambda: with_entry(entry("m01/1.de.md", external_attr=(stat.S_IFLNK | 0o777) << 16), "/etc/passwd"),
        "leads out",
    ),
    "encrypted": (encrypted, "encrypted"),
    "lzma": (lambda: with_entry(entry("m01/module.toml", compress_type=zipfile.ZIP_LZMA)), "unusual way"),
    "bzip2": (lambda: with_entry(entry("m01/module.toml", compress_type=zipfile.ZIP_BZIP2)), "unusual way"),
    "twice": (twice, "twice"),
    "twice on a Mac": (lambda: with_entry(entry("COURSE.toml")), "twice"),
    "name": (wrong_name, "cannot be read"),
    "no zip": (lambda: b"not a zip", "no ZIP"),
    "cut off": (lambda: zipped({"course.toml": "a" * 900})[:-30], "no ZIP"),
    "bomb": (lambda: zipped({"course.toml": "a" * 50_000_000}), "too large when unpacked"),
    "many small bombs": (
        lambda: zipped({"course.toml": "", **{f"m{at:02}/1.de.md": "a" * 290_000 for at in range(30)}}),
        "too large when unpacked",
    ),
    "many files": (lambda: zipped({f"images/{at}.svg": "" for at in range(501)}), "more than 500"),
    "no course": (lambda: zipped({"m01/module.toml": "", "selfcheck.de.toml": ""}), "no course.toml"),
    "stranger": (lambda: with_entry(entry("m01/1.fr.md")), "belongs to nothing"),
    "stranger in capitals": (lambda: with_entry(entry("M01/Module.TOML")), "belongs to nothing"),
}


class TestZip:
    @pytest.mark.parametrize("what", WRONG)
    def test_what_is_unsafe_is_refused_at_the_field(self, what, course, office):
        make, reason = WRONG[what]
        content, before = make(), everything()

        answer = office.look(content)

        assert answer.status_code == 422
        (said,) = answer.context["form"].errors["file"]
        assert reason in said
        assert everything() == before

    def test_sizes_are_not_believed(self):
        with pytest.raises(NotUsable):
            unpack(lying_about_sizes())

    def test_too_large(self, office, monkeypatch):
        monkeypatch.setattr(course_zips, "MOST_BYTES", 1000)

        answer = office.look(b"a" * 1001)

        assert "The file is too large." in answer.content.decode()
        with pytest.raises(NotUsable, match="too large"):
            unpack(b"a" * 1001)

    def test_as_computers_pack_it(self, course, office):
        files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
        files = {name: text.replace("\n", "\r\n") for name, text in files.items()}
        litter = {
            "__MACOSX/._course.toml": b"\x00\x05",
            ".DS_Store": b"\x00",
            "kurs/.DS_Store": b"\x00",
            "kurs/Thumbs.db": b"\x00",
            "kurs/m01/desktop.ini": b"x",
            "kurs/strategy.de.toml": b"",
            "kurs/README.txt": b"\xff",
            "kurs/m01/": b"",
        }
        texts = {f"kurs/{name}": b"\xef\xbb\xbf" + text.encode() for name, text in files.items()}

        answer = office.look(zipped(litter | texts))

        assert [str(one["change"].row.number) for one in answer.context["rows"]] == ["1"]
        assert answer.context["rows"][0]["change"].after == {"title_de": "Neuer Titel"}
