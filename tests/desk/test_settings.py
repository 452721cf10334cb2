"""What is remembered, and a settings file that somebody or something has spoilt."""

from __future__ import annotations

import pytest

from optiviz.desk.settings import Settings


@pytest.fixture
def ini(own_folders):
    path = Settings().path
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize(
    "content",
    [b"\0" * 100, b"[window\ntheme=dark", b"hello\nworld\n", b'{"json": 1}', bytes(range(256)) * 9],
    ids=["zeros", "a bracket", "words", "json", "bytes"],
)
def test_a_spoilt_file_is_put_aside_with_a_notice(ini, content):
    ini.write_bytes(content)
    settings = Settings()
    aside = ini.with_suffix(".broken")
    assert settings.notice == f"The settings could not be read and begin anew; the old file is {aside}."
    assert aside.read_bytes() == content
    assert settings.last_scene() is None
    settings.theme = "dark"
    settings.sync()
    again = Settings()
    assert (again.theme, again.notice) == ("dark", "")


def test_the_window_gives_the_notice(ini, open_window):
    ini.write_bytes(b"hello\nworld\n")
    user = open_window()
    assert "could not be read" in user.status
    user.window.desk.settings.theme = "dark"
    user.window.desk.settings.sync()
    again = Settings()
    assert (again.theme, again.notice) == ("dark", "")


SPOILT = [b"", b"[window]\ngeometry=nonsense\ntheme=@Variant(nonsense\n[scene]\njson={\n"]


@pytest.mark.parametrize("content", SPOILT)
def test_spoilt_values_are_as_if_there_were_none(ini, content):
    ini.write_bytes(content)
    settings = Settings()
    assert settings.notice == ""
    assert settings.theme == "light"
    assert settings.last_scene() is None
    assert settings.geometry is None


def test_a_window_opens_over_spoilt_values(ini, open_window):
    ini.write_bytes(SPOILT[1])
    user = open_window()
    assert user.window.workspace.state.appearance.theme == "light"
    assert user.window.desk.settings.notice == ""
