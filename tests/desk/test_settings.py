"""What is remembered, and a settings file that somebody or something has spoilt."""

from __future__ import annotations

from pathlib import Path

import pytest

from optiviz.desk.settings import Settings


@pytest.fixture
def ini(own_folders):
    path = Path(Settings()._store.fileName())
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize(
    "content",
    [b"\0" * 100, b"[window\ntheme=dark", b"hello\nworld\n", b'{"json": 1}', bytes(range(256)) * 9],
    ids=["zeros", "a bracket", "words", "json", "bytes"],
)
def test_a_spoilt_file_is_put_aside_with_a_notice(ini, content, open_window):
    ini.write_bytes(content)
    user = open_window()
    assert "could not be read" in user.status
    assert ini.with_suffix(".broken").read_bytes() == content
    user.window.desk.settings.theme = "dark"
    user.window.desk.settings.sync()
    again = Settings()
    assert (again.theme, again.notice) == ("dark", "")


@pytest.mark.parametrize("content", [b"", b"[window]\ngeometry=nonsense\ntheme=@Variant(nonsense\n[scene]\njson={\n"])
def test_spoilt_values_are_as_if_there_were_none(ini, content, open_window):
    ini.write_bytes(content)
    user = open_window()
    assert user.window.desk.settings.notice == ""
    assert user.window.desk.settings.theme == "light"
    assert user.window.desk.settings.last_scene() is None
    assert user.window.desk.settings.geometry is None
