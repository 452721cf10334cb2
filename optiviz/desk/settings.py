"""What the program remembers from one start to the next."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from ..files import scene_files
from ..files.origin import Origin
from ..scene.scene import Scene

GROUPS = ("window", "files", "lessons", "scene", "choices")


def store() -> QSettings:
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "OptiViz", "OptiViz")


def broken(settings: QSettings, path: Path) -> bool:
    """Whether the file holds something else than settings. Qt reads most of such files without a word."""
    if settings.status() is QSettings.Status.FormatError:
        return True
    written = path.exists() and path.stat().st_size > 0
    return written and not any(key.partition("/")[0] in GROUPS for key in settings.allKeys())


class Settings:
    """Window geometry, theme, the last folder and the last scene.

    A settings file that cannot be read is put aside; `notice` then says so, and everything begins anew.
    """

    def __init__(self) -> None:
        self._store = store()
        self.notice = ""
        if broken(self._store, self.path):
            aside = self.path.with_suffix(".broken")
            with suppress(OSError):
                self.path.replace(aside)
            self._store = store()
            self.notice = f"The settings could not be read and begin anew; the old file is {aside}."

    @property
    def path(self) -> Path:
        """The file that all of it is kept in."""
        return Path(self._store.fileName())

    @property
    def geometry(self) -> QByteArray | None:
        value = self._store.value("window/geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def theme(self) -> str:
        return "dark" if self._store.value("window/theme") == "dark" else "light"

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("window/theme", name)

    @property
    def folder(self) -> Path:
        """Where files were last read or written; the documents at first."""
        folder = Path(str(self._store.value("files/folder") or ""))
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return folder if str(folder) != "." and folder.is_dir() else Path(documents or Path.home())

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._store.setValue("files/folder", str(folder))

    @property
    def lesson_files(self) -> list[Path]:
        """The user's own lessons."""
        value = self._store.value("lessons/files") or []
        return [Path(str(name)) for name in (value if isinstance(value, list) else [value])]

    @lesson_files.setter
    def lesson_files(self, paths: list[Path]) -> None:
        self._store.setValue("lessons/files", [str(path) for path in paths])

    @property
    def recent_files(self) -> list[Path]:
        """The scene files that were opened or saved last, the newest first."""
        value = self._store.value("files/recent") or []
        return [Path(str(name)) for name in (value if isinstance(value, list) else [value])]

    @recent_files.setter
    def recent_files(self, paths: list[Path]) -> None:
        self._store.setValue("files/recent", [str(path) for path in paths])

    def choices(self, name: str) -> dict[str, str]:
        """What was chosen last in the dialog of that name, by the names of its fields."""
        try:
            kept = json.loads(str(self._store.value(f"choices/{name}") or "{}"))
        except ValueError:
            return {}
        return {key: value for key, value in kept.items() if isinstance(value, str)} if isinstance(kept, dict) else {}

    def remember_choices(self, name: str, choices: dict[str, str]) -> None:
        self._store.setValue(f"choices/{name}", json.dumps(choices))

    def remember_scene(self, scene: Scene, origin: Origin, *, saved: bool) -> None:
        """The scene, the file that it belongs to, and what that keeps of a newer version."""
        self._store.setValue("scene/json", scene_files.text_of(scene, origin.foreign))
        self._store.setValue("scene/path", str(origin.path) if origin.path else "")
        self._store.setValue("scene/saved", "yes" if saved else "no")

    def last_scene(self) -> tuple[scene_files.Opened, Path | None, bool] | None:
        """What `remember_scene` was told; None at the first start, or if it cannot be read any more."""
        text = self._store.value("scene/json")
        if not isinstance(text, str) or not text:
            return None
        try:
            opened = scene_files.open_text(text)
        except ValueError:
            return None
        path = str(self._store.value("scene/path") or "")
        return opened, Path(path) if path else None, self._store.value("scene/saved") == "yes"

    def sync(self) -> None:
        """Writes to disk."""
        self._store.sync()
