from accounts.models import User


def test_nobody_sees_an_address(coordinator: User) -> None:
    coordinator.display_name = ""

    assert coordinator.shown_name == f"Mitglied {coordinator.pk}" or "@" not in coordinator.shown_name
