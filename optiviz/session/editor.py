"""The edits that a user can make, by name, and which run they are about. No widgets.

Every method makes one edit of the document. What cannot be raises ValueError in words, and the scene stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..engine.optimizers import LR, OPTIMIZERS
from ..engine.params import format_number
from ..engine.schedules import SCHEDULES
from ..engine.surfaces import SURFACES
from ..files.newer import Unread, check_labels
from ..scene import manual_decay
from ..scene.run import Run, free_label, suggest_lr
from ..scene.scene import NOISE, SEED, START_X, START_Y, STEPS, STEPS_PER_EPOCH, Scene
from ..scene.view import OVERLAY_SCALE, VIEW
from .document import Document

SETUP = {param.name: param for param in (START_X, START_Y, STEPS, STEPS_PER_EPOCH, NOISE, SEED)}


class Editor:
    """Edits a document. `selected` is the run whose form is shown; `chosen_unread` a run of a newer version instead."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.selected = 0
        self.chosen_unread: Unread | None = None
        document.subscribe(lambda old, new, opened: self._keep_selection())

    @property
    def scene(self) -> Scene:
        return self.document.scene

    @property
    def run(self) -> Run | None:
        """The selected run; None where there are no runs."""
        return self.scene.runs[self.selected] if self.scene.runs else None

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The runs of a newer version's file that are not understood, and that the file keeps."""
        foreign = self.document.origin.foreign
        return foreign.runs if foreign is not None else ()

    def _labels(self) -> set[str]:
        """The labels that are taken."""
        return {run.label or "" for run in self.scene.runs} | {run.label for run in self.unread}

    def select(self, row: int) -> None:
        """Makes the run in that row the selected one."""
        self.selected = max(0, min(row, len(self.scene.runs) - 1))
        self.chosen_unread = None

    def choose_unread(self, unread: Unread) -> None:
        """Chooses a run that is not understood, which can only be removed."""
        self.chosen_unread = unread

    def remove_unread(self) -> None:
        """Makes the file forget the chosen run that is not understood; the next of them is chosen then."""
        before, chosen = self.unread, self.chosen_unread
        if chosen in before:
            self.document.remove(chosen)
            left = self.unread
            if left:  # lest a second Del deletes a run
                self.choose_unread(left[min(before.index(chosen), len(left) - 1)])

    def _keep_selection(self) -> None:
        """After a change of scene the selection is still a row that there is."""
        if self.chosen_unread not in self.unread:
            self.chosen_unread = None
        if self.selected >= len(self.scene.runs):
            self.select(len(self.scene.runs) - 1)

    # Surface and set-up

    def choose_surface(self, key: str) -> None:
        """Another surface; rates that are still the suggested ones follow it."""
        if key == self.scene.surface:
            return
        old, new = self.scene.landscape, SURFACES.find(key)
        runs = [
            run.replace(lr=suggest_lr(run.rule, new)) if run.lr == suggest_lr(run.rule, old) else run
            for run in self.scene.runs
        ]
        self.document.edit(self.scene.replace(surface=key, runs=runs), f"choice of {new.name}")

    def set_surface_param(self, name: str, value: object) -> None:
        param = next(param for param in self.scene.landscape.params if param.name == name)
        params = {**self.scene.surface_params, name: value}
        scene = self.scene.replace(surface_params=params)
        self.document.edit(scene, f"change of {param.symbol}", gesture=("surface", name))

    def set_up(self, name: str, value: object) -> None:
        """Changes one of SETUP: start x, start y, steps, steps_per_epoch, noise or seed."""
        x, y = self.scene.start
        starts = {START_X.name: (value, y), START_Y.name: (x, value)}
        changes = {"start": starts[name]} if name in starts else {name: value}
        self.document.edit(self.scene.replace(**changes), f"change of {SETUP[name].symbol}", gesture=name)

    def move_start(self, x: float, y: float) -> None:
        self.document.edit(self.scene.replace(start=(x, y)), "move of the start", gesture="start")

    def set_view(self, name: str, value: object) -> None:
        """Changes one of the view's settings."""
        view = self.scene.view.replace(**{name: value})
        gesture = "overlay_scale" if name == OVERLAY_SCALE.name else None  # a slider is dragged; a switch is not
        symbol = VIEW[name].symbol
        self.document.edit(self.scene.replace(view=view), f"change of the view: {symbol}", gesture)

    # Runs

    def add_run(self, optimizer: str) -> None:
        """A new run of that optimizer at a rate that suits the surface, under the selected run's decay."""
        rule = OPTIMIZERS.find(optimizer)
        label = free_label(rule.name, self._labels())
        run = Run(optimizer, lr=suggest_lr(rule, self.scene.landscape), label=label)
        if self.run is not None:
            run = run.replace(schedule=self.run.schedule, **self.run.schedule_params)
        self._insert([run], len(self.scene.runs), f"adding of {rule.name}")

    def duplicate_run(self) -> None:
        if self.run is not None:
            copy = self.run.replace(label=free_label(self.run.label or "", self._labels()), color=None)
            self._insert([copy], self.selected + 1, f"duplication of {self.run.label}")

    def insert_runs(self, runs: Sequence[Run], how: str) -> Sequence[Run]:
        """Puts runs after the selected one and gives them as they are now.

        A label or a colour that is taken already makes room for a free one. `how` they came here is for undo: "paste".
        """
        labels, colors = self._labels(), {run.color for run in self.scene.runs}
        added = []
        for run in runs:
            label = None if run.label is None else free_label(run.label, labels)
            labels.add(label or "")
            added.append(run.replace(label=label, color=None if run.color in colors else run.color))
        row = self.selected + 1 if self.run is not None else 0
        what = f"{len(runs)} runs" if len(runs) > 1 else added[0].label or added[0].rule.name
        self._insert(added, row, f"{how} of {what}")
        return self.scene.runs[row : row + len(runs)]

    def _insert(self, added: Sequence[Run], row: int, name: str) -> None:
        runs = [*self.scene.runs[:row], *added, *self.scene.runs[row:]]
        self.document.edit(self.scene.replace(runs=runs), name)
        self.select(row)

    def delete_run(self, how: str = "deletion") -> None:
        if self.run is not None:
            runs = [run for row, run in enumerate(self.scene.runs) if row != self.selected]
            self.document.edit(self.scene.replace(runs=runs), f"{how} of {self.run.label}")
            self.select(self.selected)

    def move_run(self, row: int, target: int) -> None:
        """Moves a run to another row, the first or the last at the most."""
        target = max(0, min(target, len(self.scene.runs) - 1))
        runs = list(self.scene.runs)
        runs.insert(target, runs.pop(row))
        self.document.edit(self.scene.replace(runs=runs), "change of order")
        self.select(target)

    def rename(self, row: int, label: str) -> None:
        runs = list(self.scene.runs)
        runs[row] = runs[row].replace(label=label.strip())
        scene = self.scene.replace(runs=runs)
        if self.document.origin.foreign is not None:
            check_labels(scene, self.document.origin.foreign)
        self.document.edit(scene, "renaming")

    def recolor(self, row: int, color: str) -> None:
        self._change(row, {"color": color}, "change of colour")

    def toggle_visible(self, row: int) -> None:
        if row < len(self.scene.runs):
            run = self.scene.runs[row]
            self._change(row, {"visible": not run.visible}, f"{'hiding' if run.visible else 'showing'} of {run.label}")

    # The selected run

    def choose_optimizer(self, key: str) -> None:
        """Another rule for the selected run, at a rate that suits it. A label that was the old rule's name follows."""
        run = self.run
        if run is None or key == run.optimizer:
            return
        rule = OPTIMIZERS.find(key)
        changes: dict[str, Any] = {"optimizer": key, "lr": suggest_lr(rule, self.scene.landscape)}
        if (run.label or "").rstrip(" 0123456789") == run.rule.name:
            changes["label"] = free_label(rule.name, self._labels() - {run.label or ""})
        self._change(self.selected, changes, f"choice of {rule.name}")

    def choose_schedule(self, key: str) -> None:
        if self.run is not None and key != self.run.schedule:
            self._change(self.selected, {"schedule": key}, f"choice of {SCHEDULES.find(key).name}")

    def set_param(self, name: str, value: object) -> None:
        """Changes α₀ or a parameter of the selected run's optimizer or schedule."""
        if self.run is not None:
            declared = (LR, *self.run.rule.params, *self.run.decay.params)
            symbol = next(param.symbol for param in declared if param.name == name)
            self._change(self.selected, {name: value}, f"change of {symbol}", gesture=("run", self.selected, name))

    # Manual decay: see manual_decay.py

    def multiply_rate(self, step: int, factor: float) -> None:
        """From that update on the rate is so many times what it was; a knot records it."""
        if self.run is not None:
            run = manual_decay.multiply(self.scene, self.run, step, factor)
            self.replace_run(run, f"decay × {format_number(factor)} at step {step}")

    def set_rate(self, step: int, rate: float) -> None:
        """From that update on the rate is `rate`, until the next knot."""
        if self.run is not None:
            run = manual_decay.set_rate(self.scene, self.run, step, rate)
            self.replace_run(run, f"rate at step {step}", gesture=("rate", self.selected, step))

    def take_back_rate(self, step: int) -> None:
        """Deletes the last knot at or before that update."""
        if self.run is not None:
            earlier = [i for i, (at, _) in enumerate(manual_decay.knots_of(self.run)) if at <= step]
            if not earlier:
                raise ValueError(f"{self.run.label} has no knot up to step {step} that could be taken back")
            self.delete_knot(earlier[-1])

    def turn_into_knots(self) -> None:
        """Makes the selected run's schedule a manual one with the same rates."""
        if self.run is not None:
            self.replace_run(manual_decay.as_knots(self.scene, self.run), "turning of the decay into knots")

    def move_knot(self, index: int, step: int, rate: float) -> None:
        if self.run is not None:
            run = manual_decay.move_knot(self.run, index, step, rate)
            self.replace_run(run, "move of a knot", gesture=("knot", self.selected, index))

    def delete_knot(self, index: int) -> None:
        if self.run is not None:
            self.replace_run(manual_decay.delete_knot(self.run, index), "deletion of a knot")

    def replace_run(self, run: Run, name: str, gesture: object = None) -> None:
        """Puts another run in the selected one's place."""
        runs = list(self.scene.runs)
        runs[self.selected] = run
        self.document.edit(self.scene.replace(runs=runs), name, gesture)

    def _change(self, row: int, changes: dict[str, Any], name: str, gesture: object = None) -> None:
        runs = list(self.scene.runs)
        runs[row] = runs[row].replace(**changes)
        self.document.edit(self.scene.replace(runs=runs), name, gesture)
