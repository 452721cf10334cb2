"""Pictures and tables: written by the dialogs, opened again, and compared."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from optiviz import Run, simulate
from optiviz.app import render
from optiviz.app import theme as themes
from optiviz.app.exports import ExportDialog
from optiviz.scene import files, table

COLUMNS = "step epoch lr x y loss grad_x grad_y".split()


@pytest.fixture
def export(user):
    """Fills in the dialog of a command and presses Enter; gives the dialog, which stays open if it failed."""

    def export(command, path, **choices):
        user.action(command).trigger()
        dialog = user.dialog(ExportDialog)
        for name, data in choices.items():
            box = dialog.boxes[name]
            box.setCurrentIndex(box.findData(data))
        dialog.path.setText(str(path))
        dialog.path.setFocus()
        user.press(Qt.Key.Key_Return, dialog)
        return dialog

    return export


def has_color(image, color):
    plain = image.convertToFormat(QImage.Format.Format_RGB32)  # kept: NumPy looks at its memory
    return bool(((np.frombuffer(plain.constBits(), np.uint32) & 0xFFFFFF) == int(color[1:], 16)).any())


# Pictures


@pytest.mark.parametrize("what", ["view", "dashboard"])
@pytest.mark.parametrize("scale", [1, 2, 4])
def test_pictures(user, export, tmp_path, what, scale):
    user.window.seek(60)
    path = tmp_path / "picture.png"
    export("export_png", path, Picture=what, Size=scale)
    image = QImage(str(path))
    contours = user.window.dashboard.contours
    size = (1280, 720) if what == "dashboard" else (contours.width(), contours.height())
    assert (image.width(), image.height()) == (size[0] * scale, size[1] * scale)
    assert all(has_color(image, run.color) for run in user.scene.runs)
    scene = user.window.current_scene()
    assert files.from_json(image.text(render.SCENE_KEY)) == scene
    assert files.read(path) == scene
    assert scene.view.cursor == 60
    assert f"Wrote {path} ({image.width()} × {image.height()} pixels)." in user.status
    assert user.window.settings.folder == tmp_path


def test_other_programs_read_the_picture(user, export, tmp_path):
    image_module = pytest.importorskip("PIL.Image")
    path = tmp_path / "picture.png"
    export("export_png", path, Picture="dashboard", Size=1)
    with image_module.open(path) as image:
        image.load()
        assert image.size == (1280, 720)
        assert files.from_json(image.text[render.SCENE_KEY]) == user.window.current_scene()


def test_a_picture_of_the_view_is_what_is_on_screen(user, export, tmp_path):
    user.window.seek(30)
    shown = user.picture(user.window.dashboard.contours)
    path = tmp_path / "picture.png"
    export("export_png", path, Picture="view", Size=1)
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, 2::-1]
    assert (rows != shown).mean() < 0.01


@pytest.mark.parametrize("theme", [themes.LIGHT, themes.DARK])
def test_dashboards_in_both_themes(user, small, theme):
    scene = small()
    image = render.dashboard_image(scene, simulate(scene), theme, size=(640, 360), cursor=60)
    assert (image.width(), image.height()) == (640, 360)
    light = image.scaled(1, 1, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    assert (light.pixelColor(0, 0).lightness() > 128) is (theme is themes.LIGHT)


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
    export("export_csv", path, Runs=None if len(labels) == 2 else labels[0])
    assert b"\r" not in path.read_bytes()
    check_table(path, user.scene, trajectories, labels)
    assert f"Wrote {path}" in user.status


def test_pandas_reads_the_table_bit_for_bit(user, export, tmp_path, small):
    pandas = pytest.importorskip("pandas")
    runs = [Run("adam", lr=0.05, label='a, "b"'), Run("gd", lr=1.0), Run("lion", lr=0.01)]
    trajectories = user.open(small(runs=runs, noise=0.3, seed=5))
    path = tmp_path / "table.csv"
    export("export_csv", path)
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


# What cannot be written


@pytest.mark.parametrize("command", ["export_png", "export_csv"])
@pytest.mark.parametrize(
    ("place", "why"),
    [("missing/file.out", "there is no folder"), (".", "it is a folder"), ("", "Give the file a name")],
)
def test_what_cannot_be_written_is_told_in_the_dialog(user, export, tmp_path, command, place, why):
    before = sorted(tmp_path.rglob("*"))
    dialog = export(command, tmp_path / place if place else "")
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
    dialog = export("export_csv", path)
    assert "exists already" in dialog.error.text()
    user.press(Qt.Key.Key_Return, dialog)
    assert "the disk is full" in dialog.error.text()
    assert path.read_text() == "older"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["table.csv"]


def test_browsing_for_a_name(user, tmp_path, monkeypatch):
    chosen = tmp_path / "chosen.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(chosen), ""))
    user.action("export_png").trigger()
    dialog = user.dialog(ExportDialog)
    assert dialog.path.text().endswith("rosenbrock.png")
    dialog._browse()
    assert dialog.path.text() == str(chosen)
    user.press(Qt.Key.Key_Escape, dialog)
    assert not chosen.exists()


@pytest.mark.parametrize("command", ["export_png", "export_csv"])
@pytest.mark.parametrize("field", ["steps", "start x", "lr"])
def test_numbers_of_an_older_scene_are_not_exported(user, export, tmp_path, monkeypatch, command, field):
    """Between an edit and its result there is nothing to write: the trajectories belong to the scene before."""
    monkeypatch.setattr(user.window.runner, "take", lambda: None)
    user.enter(field, "30" if field == "steps" else "0.5")
    path = tmp_path / "file.out"
    dialog = export(command, path)
    assert not path.exists()
    assert "still being computed" in dialog.error.text()
