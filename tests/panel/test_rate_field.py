"""The field and the slider of a manual run's rate at the cursor."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from optiviz import Run
from optiviz.engine.schedules import SCHEDULES
from optiviz.scene.manual_decay import knots_of

KNOTS = ((10, 0.02), (30, 0.004))


def manual():
    return Run("adam", lr=0.05, schedule="manual", knots=KNOTS)


def same_until(before, after, step):
    """Whether what came before the step is what it was, bit for bit."""
    names = "x y loss grad_x grad_y".split()
    rows, others = ({name: getattr(t, name) for name in names} | dict(t.state) for t in (before, after))
    points = all(rows[name][: step + 1].tobytes() == others[name][: step + 1].tobytes() for name in rows)
    return points and before.lr[:step].tobytes() == after.lr[:step].tobytes()


def test_the_rates_field_makes_a_knot_at_the_cursor(tuner, small):
    (before,) = tuner.open(small(runs=[manual()]))
    tuner.window.workspace.seek(20)
    assert float(tuner.text("rate")) == 0.02
    tuner.enter("rate", "0.01")
    assert knots_of(tuner.run) == ((10, 0.02), (20, 0.01), (30, 0.004))
    assert same_until(before, tuner.settle()[0], 20)
    assert tuner.document.undo_name == "rate at step 20"
    tuner.window.workspace.seek(35)
    assert float(tuner.text("rate")) == 0.004
    tuner.window.workspace.seek(30)
    tuner.enter("rate", "0.003")
    assert knots_of(tuner.run)[-1] == (30, 0.003)
    tuner.enter("rate", "-1")
    assert "must be" in tuner.error("rate")
    assert knots_of(tuner.run)[-1] == (30, 0.003)
    tuner.enter("rate", "0.003")
    tuner.settle()


def test_dragging_the_rates_slider_is_one_knot_and_one_undo_step(tuner, small):
    tuner.open(small(runs=[manual()]))
    before = tuner.scene
    tuner.window.workspace.seek(20)
    seen = []
    tuner.slide("rate", 0.3, 0.5, 0.4, each=lambda: seen.append(dict(knots_of(tuner.run))[20]))
    assert len(set(seen)) == 3
    assert [step for step, _ in knots_of(tuner.run)] == [10, 20, 30]
    tuner.window.workspace.undo()
    assert tuner.scene == before
    tuner.settle()


def test_only_a_manual_run_has_the_rates_field(tuner, small):
    for key in SCHEDULES:
        tuner.open(small(runs=[Run("gd", lr=1e-4, schedule=key)]))
        shown = [edit for edit in tuner.window.panel.findChildren(QLineEdit, "rate") if edit.isVisible()]
        assert bool(shown) == (key == "manual")
