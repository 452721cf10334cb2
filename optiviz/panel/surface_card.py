"""The card of the surface: its parameters, the start, steps and noise."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
)

from ..engine.surfaces import SURFACES
from ..scene.scene import START_X, START_Y, Scene
from ..session.editor import SETUP
from ..session.state import State, differ
from ..session.workspace import Workspace
from ..views.showing import Showing
from ..widgets.fields import Form, NumberField
from .cards import PAD, catalog_box, fill_card, padded


class SurfaceCard(QFrame, Showing):
    """The surface with its parameters, the start, steps and noise."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        editor = self.editor = workspace.editor
        attempt = self.attempt = workspace.attempt
        column, head = fill_card(self, "Surface")
        self.box = catalog_box(SURFACES, "surface")
        head.addWidget(self.box)
        self.box.activated.connect(lambda _: attempt(lambda: editor.choose_surface(self.box.currentData())))
        self.form = Form()
        self.form.edited.connect(self._edit_param)
        self.form.settled.connect(editor.document.seal)
        grid = QGridLayout()
        grid.setContentsMargins(PAD, 0, PAD, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        self.setup = {name: NumberField(param, slider=False) for name, param in SETUP.items()}
        for number, (name, field) in enumerate(self.setup.items()):
            field.symbol.setMinimumWidth(16 if name.startswith("start") else 34)
            grid.addWidget(field, number // 2, number % 2, Qt.AlignmentFlag.AlignTop)
            field.edited.connect(self._edit_setup)
            field.settled.connect(editor.document.seal)
        self.setup["steps_per_epoch"].symbol.setText("/ epoch")
        column.addLayout(padded(self.form))
        column.addLayout(grid)

    def _edit_param(self, name: str, value: object) -> None:
        self.attempt(lambda: self.editor.set_surface_param(name, value), self.form.fields[name].refuse)

    def _edit_setup(self, name: str, value: object) -> None:
        self.attempt(lambda: self.editor.set_up(name, value), self.setup[name].refuse)

    def show_state(self, old: State | None, new: State) -> None:
        if differ(old, new, seen):
            self._show_scene(new.scene)

    def _show_scene(self, scene: Scene) -> None:
        landscape = scene.landscape
        self.box.setCurrentIndex(self.box.findData(scene.surface))
        self.box.setToolTip(f"<b>{landscape.name}</b><br>{landscape.formula}<br><br>{landscape.note}")
        self.form.show_params(landscape.params, scene.surface_params)
        values = dict(zip((START_X.name, START_Y.name), scene.start, strict=True))
        for name, field in self.setup.items():
            field.show_value(values[name] if name in values else getattr(scene, name))


def seen(state: State) -> tuple[object, ...]:
    """What of a state this card shows."""
    scene = state.scene
    numbers = (scene.start, scene.steps, scene.steps_per_epoch, scene.noise, scene.seed)
    return (scene.surface, scene.surface_params, numbers, state.refusals)
