"""Pictures, animations and tables: asked for in the dialogs, opened again, and compared."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from optiviz import Run, simulate
from optiviz.desk.settings import Settings, store
from optiviz.exports.dialog import ExportDialog
from optiviz.exports.film_job import FilmProgress
from optiviz.exports.picture_dialogs import FilmDialog, StillDialog
from optiviz.files import scene_files
from optiviz.pictures import figure
from optiviz.scene import table
from optiviz.widgets import theme as themes

COLUMNS = "step epoch lr x y loss grad_x grad_y".split()


def fill(dialog, choices):
    """Makes the choices, by the names of their rows."""
    for name, data in choices.items():
        if name in dialog.boxes:
            box = dialog.boxes[name]
            assert box.findData(data) >= 0, f"{name} has no {data!r}"
            box.setCurrentIndex(box.findData(data))
        elif name in dialog.fields:
            dialog.fields[name].setText(data)
            dialog.fields[name].textEdited.emit(data)
        else:
            dialog.checks[name].setChecked(data)


@pytest.fixture
def export(user):
    """Fills in the dialog of a command and presses Enter; gives the dialog, which stays open if it failed."""

    def export(command, path, **choices):
        user.action(command).trigger()
        dialog = user.dialog(ExportDialog)
        fill(dialog, choices)
        dialog.path.setText(str(path))
        dialog.path.setFocus()
        user.press(Qt.Key.Key_Return, dialog)
        return dialog

    return export


def has_color(image, color):
    plain = image.convertToFormat(QImage.Format.Format_RGB32)  # kept: NumPy looks at its memory
    return bool(((np.frombuffer(plain.constBits(), np.uint32) & 0xFFFFFF) == int(color[1:], 16)).any())


# Pictures


@pytest.mark.parametrize(
    ("choices", "size"),
    [
        ({"view": "dashboard", "size": "slide"}, (1920, 1080)),
        ({"view": "dashboard", "size": "other", "other": "800x600"}, (800, 600)),
        ({"view": "contours", "size": "column"}, (1004, 944)),
        ({"view": "loss", "size": "other", "other": "90x50mm", "theme": "print"}, (1062, 590)),
    ],
)
def test_pictures(user, export, tmp_path, choices, size):
    user.window.workspace.seek(60)
    path = tmp_path / "picture.png"
    export("export_picture", path, **choices)
    image = QImage(str(path))
    assert (image.width(), image.height()) == size
    assert all(has_color(image, run.color) for run in user.scene.runs)
    scene = user.window.workspace.as_shown()
    assert scene_files.from_json(image.text(figure.SCENE_KEY)) == scene
    assert scene_files.read(path) == scene
    assert scene.place.cursor == 60
    assert f"Wrote {path} (" in user.status
    assert user.window.desk.settings.folder == tmp_path


def test_other_programs_read_the_picture(user, export, tmp_path):
    image_module = pytest.importorskip("PIL.Image")
    path = tmp_path / "picture.png"
    export("export_picture", path, size="slide")
    with image_module.open(path) as image:
        image.load()
        assert image.size == (1920, 1080)
        assert scene_files.from_json(image.text[figure.SCENE_KEY]) == user.window.workspace.as_shown()


@pytest.mark.parametrize(("size", "scale"), [("screen", 1), ("screen2", 2)])
def test_a_picture_of_the_view_is_what_is_on_screen(user, export, tmp_path, size, scale):
    user.window.workspace.seek(30)
    contours = user.window.dashboard.contours
    corner = contours.mapTo(user.window, contours.rect().topLeft())
    shown = user.picture()[corner.y() :, corner.x() :][: contours.height(), : contours.width()]
    path = tmp_path / "picture.png"
    export("export_picture", path, view="contours", size=size)
    image = QImage(str(path))
    assert (image.width(), image.height()) == (shown.shape[1] * scale, shown.shape[0] * scale)
    image = image.scaled(shown.shape[1], shown.shape[0], mode=Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, 2::-1]
    if scale == 1:
        assert (rows != shown).mean() < 0.01
    assert np.abs(rows.astype(int) - shown).mean() < 2


def test_the_step_is_that_of_the_moment_when_it_was_asked_for(user, tmp_path):
    user.window.workspace.seek(20)
    user.action("export_picture").trigger()
    dialog = user.dialog(StillDialog)
    assert "step 20 of 60" in dialog.note.text()
    user.window.workspace.seek(50)  # as playing on does
    dialog.path.setText(str(tmp_path / "picture.png"))
    user.press(Qt.Key.Key_Return, dialog)
    assert scene_files.read(tmp_path / "picture.png").place.cursor == 20


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_the_theme_can_be_another_than_the_screens(user, export, tmp_path, theme):
    path = tmp_path / "picture.png"
    export("export_picture", path, view="dashboard", size="other", other="640x360", theme=theme)
    assert QImage(str(path)).pixelColor(1, 1).name() == themes.PICTURE_THEMES[theme].ground
    assert user.window.workspace.state.appearance.theme == "light"
    assert user.picture(user.window.panel).mean() > 180


def test_svg_and_pdf(user, export, tmp_path):
    export("export_picture", tmp_path / "picture.svg", kind="svg", view="loss", size="column")
    assert scene_files.read(tmp_path / "picture.svg") == user.window.workspace.as_shown()
    assert "85 × 58 mm" in user.status
    export("export_picture", tmp_path / "picture.pdf", kind="pdf", view="loss", size="column")
    assert (tmp_path / "picture.pdf").read_bytes().startswith(b"%PDF-")


def test_the_format_gives_the_ending(user):
    user.action("export_picture").trigger()
    dialog = user.dialog(StillDialog)
    for kind in ("svg", "pdf", "png"):
        fill(dialog, {"kind": kind})
        assert dialog.path.text().endswith(f"rosenbrock.{kind}")
    dialog.reject()


def test_a_size_that_cannot_be_is_told_at_once(user, export, tmp_path):
    path = tmp_path / "picture.png"
    dialog = export("export_picture", path, size="other", other="12")
    assert dialog.isVisible()
    assert dialog.error.text().startswith("size must be WIDTHxHEIGHT in pixels")
    assert not path.exists()
    fill(dialog, {"other": "300x200"})
    assert not dialog.error.isVisible()
    assert dialog.note.text().startswith("300 × 200 pixels")
    dialog.reject()


def test_the_preview_shows_the_choices(user):
    user.action("export_picture").trigger()
    dialog = user.dialog(StillDialog)

    def preview():
        user.until(lambda: dialog.previewed)
        image = dialog.preview.pixmap().toImage()
        return image.width() / image.height(), image.pixelColor(1, 1).lightness()

    fill(dialog, {"view": "dashboard", "size": "slide"})
    assert preview() == pytest.approx((16 / 9, 243), abs=2)
    fill(dialog, {"theme": "dark"})
    assert preview()[1] < 60
    fill(dialog, {"view": "contours", "size": "column"})
    assert preview()[0] == pytest.approx(85 / 80, abs=0.02)
    dialog.reject()


def test_choices_are_remembered(user, export, tmp_path):
    export("export_picture", tmp_path / "a.svg", kind="svg", view="loss", size="other", other="400x300", theme="dark")
    user.action("export_picture").trigger()
    dialog = user.dialog(StillDialog)
    chosen = {"kind": "svg", "view": "loss", "size": "other", "other": "400x300", "theme": "dark"}
    assert dialog.chosen() == chosen
    assert dialog.path.text().endswith(".svg")
    dialog.reject()
    user.window.desk.settings.sync()
    assert Settings().choices("picture") == chosen


@pytest.mark.parametrize("kept", ["", "[]", "{", '{"view": 7, "size": null, "kind": "tiff"}'])
def test_choices_that_cannot_be_read_are_forgotten(user, kept):
    store().setValue("choices/picture", kept)
    user.action("export_picture").trigger()
    dialog = user.dialog(StillDialog)
    assert (dialog.kind, dialog.chosen()["view"], dialog.chosen()["size"]) == ("png", "contours", "screen")
    dialog.reject()


def test_copying_the_picture(user, export, tmp_path):
    clipboard = QApplication.clipboard()
    clipboard.clear()
    user.window.workspace.seek(40)
    user.shortcut("Ctrl+Shift+C")
    contours = user.window.dashboard.contours
    image = clipboard.image()
    assert (image.width(), image.height()) == (contours.width(), contours.height())
    assert "Copied the picture" in user.status
    user.action("export_picture").trigger()
    dialog = user.dialog(StillDialog)
    fill(dialog, {"view": "dashboard", "size": "other", "other": "640x360", "theme": "dark"})
    dialog.copy.click()
    assert not dialog.isVisible()
    assert (clipboard.image().width(), clipboard.image().height()) == (640, 360)
    clipboard.clear()
    user.shortcut("Ctrl+Shift+C")  # as it was chosen
    assert (clipboard.image().width(), clipboard.image().height()) == (640, 360)
    assert clipboard.image().pixelColor(1, 1).name() == themes.DARK.ground


def test_copying_the_summary(user):
    user.action("copy_summary").trigger()
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].startswith("run ")
    assert [line.split()[0] for line in lines[1:]] == ["Adam", "Momentum"]
    assert lines[1].endswith("adam lr=0.05 schedule=exponential")
    assert "Copied the summary" in user.status


# Animations


def finish(user):
    """Waits until no animation is under way."""
    user.until(lambda: not user.window.findChildren(FilmProgress), 60)


def test_an_animation_shows_what_the_window_shows(user, export, tmp_path):
    """The second process gets all of it: the part in view, the theme, the selected run and its overlays."""
    image_module = pytest.importorskip("PIL.Image")
    path = tmp_path / "race.apng"
    user.action("show_gradient").trigger()
    user.click_run(1)
    user.window.workspace.zoom(0.5)
    user.window.workspace.seek(20)
    user.action("theme").trigger()
    try:
        export("export_picture", tmp_path / "still.png", view="contours", size="other", other="320x240")
        chosen = {"size": "other", "other": "320x240", "range": "20-40", "speed": "5", "hold": "0.5"}
        export("export_film", path, kind="apng", **chosen)
        progress = user.window.findChild(FilmProgress)
        assert progress.isVisible()
        assert not progress.isModal()
        user.rest()
        user.press(Qt.Key.Key_Right)  # the window goes on working
        assert user.cursor == 21
        finish(user)
    finally:
        user.action("theme").trigger()
    assert f"Wrote {path} (5 frames)" in user.status
    assert user.window.desk.settings.folder == tmp_path
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == ["race.apng", "still.png"]
    with image_module.open(path) as film, image_module.open(tmp_path / "still.png") as still:
        assert (film.size, film.n_frames) == ((320, 240), 5)
        frames = [np.asarray(image.convert("RGB")).astype(int) for image in (film, still)]
    assert np.abs(frames[0] - frames[1]).max() == 0


def test_cancelling_an_animation_leaves_nothing(user, export, tmp_path):
    path = tmp_path / "race.gif"
    export("export_film", path, size="1280x720", speed="0.1")
    progress = user.window.findChild(FilmProgress)
    user.until(lambda: progress.bar.maximum() == 601)  # it draws
    progress.button.click()
    finish(user)
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


def test_an_animation_that_cannot_be_written_is_told(user, export, tmp_path):
    dialog = export("export_film", tmp_path / "missing" / "race.gif")
    assert dialog.isVisible()
    assert "there is no folder" in dialog.error.text()
    dialog.reject()
    assert not user.window.findChildren(FilmProgress)


def test_a_drawing_process_that_fails_is_told(user, export, tmp_path, monkeypatch):
    path = tmp_path / "race.gif"
    path.write_bytes(b"older")
    monkeypatch.setattr("optiviz.exports.film_job.command", lambda: ["/nowhere/optiviz"])
    dialog = export("export_film", path, size="other", other="320x200")
    user.press(Qt.Key.Key_Return, dialog)  # yes, replace it
    progress = user.window.findChild(FilmProgress)
    user.until(lambda: "could not be started" in progress.words.text())
    assert progress.button.text() == "Close"
    progress.button.click()
    finish(user)
    assert path.read_bytes() == b"older"


def test_what_the_drawing_process_says_is_told(user, export, tmp_path, monkeypatch):
    path = tmp_path / "race.gif"
    user.action("export_film").trigger()
    dialog = user.dialog(FilmDialog)
    fill(dialog, {"size": "other", "other": "320x200"})
    monkeypatch.setattr(scene_files, "encoded", lambda scene, foreign=None: b"{}")
    dialog.path.setText(str(path))
    user.press(Qt.Key.Key_Return, dialog)
    progress = user.window.findChild(FilmProgress)
    user.until(lambda: progress.button.text() == "Close")
    assert "scene.optiviz: format must be" in progress.words.text()
    progress.reject()
    finish(user)
    assert not path.exists()


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"range": "0-61"}, "range must be FIRST-LAST, two steps from 0 to 60"),
        ({"speed": "0"}, "speed must be a finite number at least 0.001"),
        ({"pace": "duration", "speed": "x"}, "duration must be a finite number greater than 0"),
        ({"hold": "-1"}, "hold must be a finite number at least 0"),
        ({"frames_per_second": "60"}, "frames_per_second must be at most 50 for GIF"),
        ({"kind": "mp4", "size": "other", "other": "301x200"}, "an even number of pixels"),
        ({"size": "other", "other": "5000x200"}, "at most 4096 pixels a side"),
    ],
)
def test_impossible_animations(user, export, tmp_path, choices, message):
    dialog = export("export_film", tmp_path / "race.gif", **choices)
    assert dialog.isVisible()
    assert message in dialog.error.text()
    assert not user.window.findChildren(FilmProgress)
    dialog.reject()


def test_a_missing_package_is_named_in_the_dialog(user, export, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    dialog = export("export_film", tmp_path / "race.mp4", kind="mp4")
    assert dialog.error.text() == "MP4 needs the package av: pip install optiviz[video]"
    fill(dialog, {"kind": "webp"})
    assert not dialog.error.isVisible()
    dialog.reject()


def test_the_dialog_says_what_comes(user):
    user.action("export_film").trigger()
    dialog = user.dialog(FilmDialog)
    assert dialog.note.text().startswith("61 frames, 4.0 s, 960 × 720 pixels, some ")
    fill(dialog, {"pace": "duration", "speed": "3", "frames_per_second": "20", "size": "slide"})
    assert dialog.note.text().startswith("60 frames, 5.0 s, 1920 × 1080 pixels, some ")
    dialog.reject()


# Tables


def check_table(path, scene, trajectories, labels):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    place = 0
    for run, trajectory in zip(scene.runs, trajectories, strict=True):
        if run.label not in labels:
            continue
        mine = rows[place : place + len(trajectory)]
        place += len(trajectory)
        assert {row["run"] for row in mine} == {run.label}
        assert {row["optimizer"] for row in mine} == {run.optimizer}
        for name in COLUMNS:
            assert [float(row[name]) for row in mine] == getattr(trajectory, name).tolist()
        for name, values in trajectory.state.items():
            assert [float(row[name]) for row in mine] == values.tolist()
    assert place == len(rows)


@pytest.mark.parametrize("labels", [["Adam", "Momentum"], ["Adam"], ["Momentum"]])
def test_tables(user, export, tmp_path, labels):
    trajectories = user.settle()
    path = tmp_path / "table.csv"
    export("export_table", path, runs="" if len(labels) == 2 else labels[0])
    assert b"\r" not in path.read_bytes()
    check_table(path, user.scene, trajectories, labels)
    assert f"Wrote {path}" in user.status


def test_pandas_reads_the_table_bit_for_bit(user, export, tmp_path, small):
    pandas = pytest.importorskip("pandas")
    runs = [Run("adam", lr=0.05, label='a, "b"'), Run("gd", lr=1.0), Run("lion", lr=0.01)]
    trajectories = user.open(small(runs=runs, noise=0.3, seed=5))
    path = tmp_path / "table.csv"
    export("export_table", path)
    # Exact by default from pandas 3 on, which warns if it is asked to be.
    exact = {"float_precision": "round_trip"} if int(pandas.__version__.split(".")[0]) < 3 else {}
    frame = pandas.read_csv(path, **exact)
    assert list(frame.columns) == ["run", "optimizer", *COLUMNS, "v_x", "v_y", "s_x", "s_y"]
    for run, trajectory in zip(user.scene.runs, trajectories, strict=True):
        mine = frame[frame["run"] == run.label]
        for name in COLUMNS:
            assert np.array_equal(mine[name].to_numpy(), getattr(trajectory, name))
        for name in ("v_x", "v_y", "s_x", "s_y"):
            if name in trajectory.state:
                assert np.array_equal(mine[name].to_numpy(), trajectory.state[name])
            else:
                assert mine[name].isna().all()
    assert len(trajectories[1]) < 60  # the diverged one ends early


def test_the_scene_beside_the_table(user, export, tmp_path):
    user.window.workspace.seek(7)
    path = tmp_path / "table.csv"
    export("export_table", path, scene=True)
    assert scene_files.read(tmp_path / "table.optiviz") == user.window.workspace.as_shown()
    check_table(path, user.scene, simulate(scene_files.read(tmp_path / "table.optiviz")), ["Adam", "Momentum"])


def test_another_scene_is_not_written_over(user, export, tmp_path):
    (tmp_path / "table.optiviz").write_text("another")
    dialog = export("export_table", tmp_path / "table.csv", scene=True)
    assert "table.optiviz exists already" in dialog.error.text()
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == ["table.optiviz"]
    dialog.reject()


def test_the_summary_as_a_table(user, export, tmp_path):
    path = tmp_path / "summary.csv"
    export("export_table", path, rows="summary", tolerance="0.5")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["run"] for row in rows] == ["Adam", "Momentum"]
    for row, trajectory in zip(rows, simulate(user.scene), strict=True):
        assert float(row["final_loss"]) == trajectory.loss[-1]
        assert float(row["tolerance"]) == 0.5
    dialog = export("export_table", path, rows="summary", tolerance="-1")
    assert "tolerance must be a finite number at least 0" in dialog.error.text()
    dialog.reject()


# What cannot be written


IMPOSSIBLE_PLACES = {
    "missing/file.out": "there is no folder",
    ".": "it is a folder",
    "": "Give the file a name",
    "9" * 400: "cannot be written: File name too long",
    "~nobody-of-that-name/a.csv": "there is no folder",
}


@pytest.mark.parametrize("command", ["export_picture", "export_table"])
def test_what_cannot_be_written_is_told_in_the_dialog(user, export, tmp_path, command):
    before = sorted(tmp_path.rglob("*"))
    for place, why in IMPOSSIBLE_PLACES.items():
        dialog = export(command, place if place[:1] in ("", "~") else tmp_path / place)
        assert dialog.isVisible()
        assert dialog.error.isVisible()
        assert why in dialog.error.text()
        assert sorted(tmp_path.rglob("*")) == before
    path = tmp_path / "good.out"
    dialog.path.setText(str(path))
    user.press(Qt.Key.Key_Return, dialog)
    assert path.exists()
    assert not user.window.findChildren(ExportDialog) or not dialog.isVisible()


def test_an_older_file_survives_a_failure(user, export, tmp_path, monkeypatch):
    path = tmp_path / "table.csv"
    path.write_text("older")

    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(table, "write_csv", fail)
    dialog = export("export_table", path)
    assert "exists already" in dialog.error.text()
    user.press(Qt.Key.Key_Return, dialog)
    assert "the disk is full" in dialog.error.text()
    assert path.read_text() == "older"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["table.csv"]


def test_browsing_for_a_name(user, tmp_path, monkeypatch):
    chosen = tmp_path / "chosen.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args, **options: (str(chosen), ""))
    user.action("export_picture").trigger()
    dialog = user.dialog(ExportDialog)
    assert dialog.path.text().endswith("rosenbrock.png")
    next(button for button in dialog.findChildren(QPushButton) if button.text() == "Browse…").click()
    assert dialog.path.text() == str(chosen)
    user.press(Qt.Key.Key_Escape, dialog)
    assert not chosen.exists()


@pytest.mark.parametrize("command", ["export_picture", "export_table"])
def test_numbers_of_an_older_scene_are_not_exported(user, export, tmp_path, monkeypatch, command):
    """Between an edit and its result there is nothing to write: the trajectories belong to the scene before."""
    monkeypatch.setattr(user.window.workspace.runner, "take", lambda: None)
    before = user.scene
    for field, text in (("steps", "30"), ("start x", "0.5"), ("lr", "0.5")):
        user.enter(field, text)
        path = tmp_path / "file.out"
        dialog = export(command, path)
        assert not path.exists()
        assert "still being computed" in dialog.error.text(), field
        dialog.reject()
        user.shortcut("Ctrl+Z")
        assert user.scene == before
