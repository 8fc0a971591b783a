"""Parts of a file, as players of films ask for them."""

import pytest

from core.ranges import Unsatisfiable, part_of, pieces


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-", (0, 99)),
        ("bytes=0-0", (0, 0)),
        ("bytes=10-19", (10, 19)),
        ("bytes=90-1000", (90, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-1000", (0, 99)),
        ("", None),
        ("bytes=-", None),
        ("bytes=20-10", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=x-1", None),
        ("bytes=٣-", None),
    ],
)
def test_which_part_is_asked_for(header: str, part: tuple[int, int] | None) -> None:
    assert part_of(header, 100) == part


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0)])
def test_a_part_that_is_not_there(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        part_of(header, size)


def test_pieces_are_the_part_and_no_more(tmp_path) -> None:
    path = tmp_path / "film"
    content = bytes(range(256)) * 1000
    path.write_bytes(content)

    found = list(pieces(path, 5, 200_004))

    assert b"".join(found) == content[5:200_005]
    assert max(map(len, found)) <= 64 * 1024
