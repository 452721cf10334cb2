"""Scenes, runs and views: what they take, what they refuse, and in which words."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from nonsense import Rude

from optiviz import Run, Scene
from optiviz.engine.optimizers import LR, OPTIMIZERS
from optiviz.engine.params import Param, Real, Whole, shown
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES
from optiviz.scene.first import first_scene
from optiviz.scene.run import LONGEST_LABEL, PALETTE, VISIBLE, suggest_lr
from optiviz.scene.scene import MOST_ROWS, NOISE, SEED, START_X, START_Y, STEPS, STEPS_PER_EPOCH
from optiviz.scene.view import PLACE, SPEEDS, VIEW, Place, View

NONSENSE: dict[str, Callable[[], Any]] = {
    "nan": lambda: math.nan,
    "inf": lambda: math.inf,
    "-inf": lambda: -math.inf,
    "10**400": lambda: 10**400,
    "-10**5000": lambda: -(10**5000),
    "a fraction too large": lambda: Fraction(10**400),
    "-1": lambda: -1,
    "text": lambda: "nonsense \x1b[31m\n",
    "empty text": lambda: "",
    "surrogate": lambda: "\ud800",
    "long text": lambda: "x" * 10_000,
    "bytes": lambda: b"adam",
    "complex": lambda: 1j,
    "numpy nan": lambda: np.float64("nan"),
    "numpy bool": lambda: np.True_,
    "numpy array": lambda: np.eye(3),
    "numpy array of one": lambda: np.array([0.5]),
    "numpy array of none": lambda: np.array(0.5),
    "empty list in a list": lambda: [[]],
    "list of None": lambda: [None, None],
    "list of text": lambda: ["1", "2"],
    "list of nan": lambda: [math.nan, math.nan],
    "list of True": lambda: [True, False],
    "dict": lambda: {"nonsense": 1},
    "dict of numbers": lambda: {1: 1},
    "generator that fails": lambda: (1 / 0 for _ in "a"),
    "without end": lambda: itertools.repeat(0.5),
    "rude": Rude,
    "function": lambda: math.sin,
    "class": lambda: Run,
}
MORE: dict[str, Callable[[], Any]] = NONSENSE | {
    "None": lambda: None,
    "True": lambda: True,
    "0.5": lambda: 0.5,
    "7": lambda: 7,
}
SCENE: dict[str, Any] = {"surface": "rosenbrock", "steps": 10, "runs": ()}


def refused(make: Callable[[], Any], what: str = "") -> str:
    """The one sentence that refuses it."""
    with pytest.raises(ValueError) as error:  # noqa: PT011
        pytest.fail(f"{what} gave {shown(make())}")
    message = str(error.value)
    assert message.isprintable(), "one line, no control characters"
    assert len(message) < 700
    assert type(error.value) is ValueError
    return message


def bad(param: Param) -> Any:
    """A value of the right type, or almost, that nothing but the parameter's own check refuses."""
    if isinstance(param, Real | Whole) and abs(param.low) < 1e300:
        return param.low - 1
    return {"real": math.nan, "flag": 1, "choice": "nonsense", "knots": ((3, -1.0),)}[param.kind]


# Each check: what a field refuses that is no declared parameter, and that a declared one is asked


@pytest.mark.parametrize("value", MORE)
def test_a_run_refuses_nonsense_in_every_field(value: str) -> None:
    """What the declared parameters refuse is their own matter: see tests/engine/test_params.py."""
    run: dict[str, Any] = {"optimizer": "adam", "lr": 0.1, "schedule": "manual"}
    for field in ("optimizer", "schedule", "label", "color"):
        if value == "None" and field in ("label", "color"):
            continue  # None is a value there
        assert field in refused(lambda field=field: Run(**run | {field: MORE[value]()}), field)


@pytest.mark.parametrize("value", MORE)
def test_a_scene_refuses_nonsense_in_every_field(value: str) -> None:
    for field in ("surface", "runs", "start", "surface_params", "view", "place"):
        if value == "None" and field in ("start", "surface_params", "view", "place"):
            continue  # None is a value there
        message = refused(lambda field=field: Scene(**SCENE | {field: MORE[value]()}), field)
        assert field in message or (field == "surface_params" and "Rosenbrock has no parameter" in message)


def test_every_parameter_of_a_run_is_asked() -> None:
    asked = [("gd", "constant", param) for param in (LR, VISIBLE)]
    asked += [(rule.key, "constant", param) for rule in OPTIMIZERS.values() for param in rule.params]
    asked += [("gd", decay.key, param) for decay in SCHEDULES.values() for param in decay.params]
    for optimizer, schedule, param in asked:
        given = {"optimizer": optimizer, "lr": 0.1, "schedule": schedule, param.name: bad(param)}
        message = refused(lambda given=given: Run(**given), str(given))
        assert message.startswith(f"{param.name} must be {param.allowed}, not ")


def test_every_parameter_of_a_scene_is_asked() -> None:
    for param in (STEPS, STEPS_PER_EPOCH, NOISE, SEED):
        message = refused(lambda param=param: Scene(**SCENE | {param.name: bad(param)}), param.name)
        assert message.startswith(f"{param.name} must be {param.allowed}, not ")
    for start, param in (((math.nan, 0), START_X), ((0, math.nan), START_Y)):
        message = refused(lambda start=start: Scene(**SCENE | {"start": start}), param.name)
        assert message == f"{param.name} must be a finite number, not nan"
    for surface in SURFACES.values():
        for param in surface.params:
            given = {"surface": surface.key, "surface_params": {param.name: bad(param)}}
            message = refused(lambda given=given: Scene(**SCENE | given), f"{surface.key} {param.name}")
            assert message.startswith(f"{param.name} must be {param.allowed}, not ")


def test_every_setting_of_a_view_and_a_place_is_asked() -> None:
    for make, params in ((View, VIEW.values()), (Place, PLACE)):
        for param in params:
            message = refused(lambda make=make, param=param: make(**{param.name: bad(param)}), param.name)
            assert message.startswith(f"{param.name} must be {param.allowed}, not ")


@pytest.mark.parametrize("value", sorted(set(MORE) - {"None"}))
def test_a_window_refuses_nonsense(value: str) -> None:
    assert refused(lambda: Place(window=MORE[value]()), "window").startswith("window must be")


# Words


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Run("admm", lr=1), "optimizer 'admm' is not known; did you mean 'adam'?"),
        (lambda: Run("Adam", lr=1), "optimizer 'Adam' is not known; did you mean 'adam'?"),
        (lambda: Run("adam", lr=0), "lr must be a finite number greater than 0, not 0"),
        (lambda: Run("adam", lr="0.1"), "lr must be a finite number greater than 0, not '0.1'"),
        (lambda: Run("adam", lr=1, beta1=1), "beta1 must be a finite number at least 0 and less than 1, not 1"),
        (
            lambda: Run("adam", lr=1, schedule="exponental"),
            "schedule 'exponental' is not known; did you mean 'exponential'?",
        ),
        (lambda: Run("adam", lr=1, color="red"), "color must be written #rrggbb, like #0072b2, not 'red'"),
        (lambda: Run("adam", lr=1, visible=1), "visible must be true or false, not 1"),
        (
            lambda: Run("adam", lr=1, schedule="staircase", period=0),
            "period must be a whole number from 1 to 2^63-1, not 0",
        ),
        (lambda: Scene("rosenbrok", steps=1, runs=()), "surface 'rosenbrok' is not known; did you mean 'rosenbrock'?"),
        (lambda: Scene("sphere", steps=0, runs=()), "steps must be a whole number from 1 to 1,000,000, not 0"),
        (
            lambda: Scene("sphere", steps=1, seed=2**63, runs=()),
            f"seed must be a whole number from 0 to 2^63-1, not {2**63}",
        ),
        (lambda: Scene("sphere", steps=1, start=(math.nan, 0), runs=()), "start x must be a finite number, not nan"),
        (
            lambda: Scene("sphere", steps=1, start=(1, 2, 3), runs=()),
            "start must be two finite numbers (x, y), not (1, 2, 3)",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_messages(make: Callable[[], Any], message: str) -> None:
    assert refused(make) == message


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_any_optimizer_goes_with_any_schedule_and_nothing_else(optimizer: str) -> None:
    others = "k period knots end warmup beta1 beta2 rho eps weight_decay nonsense".split()
    for schedule in SCHEDULES:
        run = Run(optimizer, lr=0.1, schedule=schedule)
        assert dict(run.params) == {param.name: param.default for param in run.rule.params}
        assert dict(run.schedule_params) == {param.name: param.default for param in run.decay.params}
        for name in set(others) - set(run.params) - set(run.schedule_params):
            given = {"schedule": schedule, name: 0.5}
            message = refused(lambda given=given: Run(optimizer, lr=0.1, **given), str(given))
            assert f"has no parameter '{name}'" in message


def test_a_constant_schedule_has_no_k() -> None:
    assert "has no parameter 'k'" in refused(lambda: Run("adam", lr=0.1, k=0.1))
    assert "did you mean 'beta" in refused(lambda: Run("adam", lr=0.1, beta=0.9))


def test_a_first_rate_beyond_the_range_is_refused() -> None:
    message = refused(lambda: Run("gd", lr=100, schedule="inverse_sqrt", k=1e308))
    assert message == "lr must give a finite rate at the first step, not 100.0 with k 1e+308"
    Run("gd", lr=1, schedule="inverse_sqrt", k=1e308)


# What is taken


def test_the_public_example() -> None:
    scene = Scene(
        surface="rosenbrock",
        start=(-1.5, 2.0),
        steps=500,
        runs=(Run("adam", lr=0.05, schedule="exponential", k=0.01, beta1=0.9), Run("momentum", lr=2e-4)),
    )
    assert [run.label for run in scene.runs] == ["Adam", "Momentum"]
    assert scene.surface_params == {"a": 1.0, "b": 100.0}
    assert scene.runs[0].schedule_params == {"k": 0.01}
    assert scene.runs[0].params["beta1"] == 0.9


def test_numbers_of_numpy_are_taken_and_become_pythons() -> None:
    run = Run("adam", lr=np.float32(0.5), beta1=np.float64(0.25), schedule="staircase", period=np.int64(3))
    scene = Scene(
        "sphere", steps=np.int32(5), start=np.array([1, 2]), noise=np.float64(1), seed=np.uint8(7), runs=[run]
    )
    assert [type(v) for v in (run.lr, run.params["beta1"], run.schedule_params["period"])] == [float, float, int]
    values = (scene.steps, scene.seed, scene.noise, *scene.start)
    assert [type(value) for value in values] == [int, int, float, float, float]
    assert type(Place(cursor=np.int64(3)).cursor) is int


def test_a_start_of_zero_is_a_start() -> None:
    assert Scene("rosenbrock", start=(0, 0), steps=1, runs=()).start == (0.0, 0.0)
    assert Scene("rosenbrock", start=(0.0, 0.0), steps=1, runs=()).start == (0.0, 0.0)
    assert Scene("rosenbrock", start=None, steps=1, runs=()).start == SURFACES["rosenbrock"].start
    assert Scene("rosenbrock", steps=1, runs=()).replace(start=(0, 0)).start == (0.0, 0.0)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_start_must_have_a_finite_loss_and_slope(surface: str) -> None:
    for far in (1e308, -1.7e308):
        try:
            scene = Scene(surface, start=(far, far), steps=1, runs=())
        except ValueError as error:
            assert str(error).startswith("start must be a point where")  # noqa: PT017
        else:
            assert math.isfinite(scene.loss_at(*scene.start))


def test_values_survive_exactly() -> None:
    run = Run("adam", lr=5e-324, beta1=0.999, eps=1e-8, beta2=math.nextafter(1, 0))
    assert (run.lr, run.params["beta1"], run.params["eps"]) == (5e-324, 0.999, 1e-8)
    assert run.params["beta2"] < 1
    assert Run("gd", lr=1.7976931348623157e308).lr == 1.7976931348623157e308


def test_steps_times_runs_is_bounded() -> None:
    runs = [Run("gd", lr=1)] * 5
    assert MOST_ROWS == 5_000_000
    Scene("sphere", steps=1_000_000, runs=runs)
    message = refused(lambda: Scene("sphere", steps=1_000_000, runs=[*runs, runs[0]]))
    assert message == "steps times runs must be at most 5,000,000, not 1,000,000 x 6 = 6,000,000"
    Scene("sphere", steps=1_000_000, runs=())
    assert "steps times runs" in refused(lambda: Scene("sphere", steps=1_000_000, runs=itertools.repeat(runs[0], 6)))


def test_runs_may_come_from_any_iterable() -> None:
    run = Run("gd", lr=1)
    assert Scene("sphere", steps=1, runs=[run]) == Scene("sphere", steps=1, runs=(r for r in [run]))
    assert "not one with 'gd'" in refused(lambda: Scene("sphere", steps=1, runs=[run, "gd"]))


# Labels and colours


def labels(*runs: Run) -> list[str | None]:
    return [run.label for run in Scene("sphere", steps=1, runs=runs).runs]


def test_labels() -> None:
    adam, momentum = Run("adam", lr=1), Run("momentum", lr=1)
    assert labels(adam, momentum, adam, adam) == ["Adam", "Momentum", "Adam 2", "Adam 3"]
    assert labels(adam, Run("adam", lr=1, label="Adam")) == ["Adam 2", "Adam"]
    assert labels(Run("gd", lr=1, label="Adam 2"), adam, adam) == ["Adam 2", "Adam", "Adam 3"]
    assert Run("adam", lr=1).label is None


def test_labels_are_unique_texts() -> None:
    twice = [Run("adam", lr=1, label="mine"), Run("gd", lr=1, label="mine")]
    assert (
        refused(lambda: Scene("sphere", steps=1, runs=twice)) == "label must be unique in the scene, not 'mine' twice"
    )
    for label in ("α = 0.1", "x" * LONGEST_LABEL, 'a "b", c', "=1+1", "日本"):
        assert labels(Run("adam", lr=1, label=label)) == [label]
    for label in ("", " ", "x" * (LONGEST_LABEL + 1), "a\nb", "a\tb", "\x00", "\x7f", "\u2028", "\ud800", "a\u202eb"):
        assert refused(lambda label=label: Run("adam", lr=1, label=label)).startswith(
            "label must be a text of 1 to 100"
        )


def test_colors() -> None:
    scene = Scene("sphere", steps=1, runs=[Run("gd", lr=1)] * len(PALETTE))
    assert [run.color for run in scene.runs] == list(PALETTE)
    assert len(set(PALETTE)) == len(PALETTE)
    kept = Scene("sphere", steps=1, runs=[Run("gd", lr=1), Run("gd", lr=1, color=PALETTE[0].upper()), Run("gd", lr=1)])
    assert [run.color for run in kept.runs] == [PALETTE[1], PALETTE[0], PALETTE[2]]
    many = Scene("sphere", steps=1, runs=[Run("gd", lr=1)] * 30)
    assert {run.color for run in many.runs} == set(PALETTE)
    for color in ("", "red", "#fff", "#0072b", "#0072b2ff", "0072b2", "#00g2b2", "#0072b2\n", "#٠٠٠٠٠٠"):
        assert refused(lambda color=color: Run("gd", lr=1, color=color)).startswith("color must be written #rrggbb")


# Values: frozen, equal, hashable


def test_equal_scenes_are_equal_and_hash_alike() -> None:
    def scene(**changes: Any) -> Scene:
        return Scene(**SCENE | {"runs": [Run("adam", lr=0.1, beta1=0.5), Run("gd", lr=1)]} | changes)

    assert scene() == scene()
    assert hash(scene()) == hash(scene())
    assert len({scene(), scene()}) == 1
    different = [
        scene(surface="sphere"), scene(start=(0, 0)), scene(steps=11), scene(steps_per_epoch=2), scene(noise=1),
        scene(seed=1), scene(runs=[]), scene(surface_params={"a": 2}), scene(view=View(rest=True)),
        scene(place=Place(cursor=3)),
        scene(runs=[Run("adam", lr=0.1, beta1=0.6), Run("gd", lr=1)]),
    ]  # fmt: skip
    assert len({scene(), *different}) == len(different) + 1
    assert scene() != "scene"


@pytest.mark.parametrize(
    "change",
    [
        {"lr": 0.2},
        {"optimizer": "adamw"},
        {"schedule": "linear"},
        {"label": "b"},
        {"color": "#000000"},
        {"visible": False},
        {"beta1": 0.1},
        {"eps_inside": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_runs_differ_in_every_field(change: dict[str, Any]) -> None:
    run = Run("adam", lr=0.1, label="a")
    changed = run.replace(**change)
    assert changed != run
    assert run == Run("adam", lr=0.1, label="a")
    same = set(change) <= {"label", "color", "visible"}
    assert (run.numbers == changed.numbers) == same


def test_looking_at_a_scene_changes_neither_its_numbers_nor_its_content() -> None:
    scene = Scene(**SCENE | {"runs": [Run("adam", lr=0.1), Run("gd", lr=1)]})
    looks: list[dict[str, Any]] = [{"place": Place(cursor=3)}, {"view": View(rest=True)}, {}]
    for look in looks:
        assert scene.replace(**look).same_numbers(scene)
        assert scene.replace(**look).same_content(scene)
    run = scene.runs[0]
    renamed = scene.replace(runs=[run.replace(label="a", color="#000000", visible=False), scene.runs[1]])
    assert renamed.same_numbers(scene)
    assert not renamed.same_content(scene)
    assert scene.replace(seed=3).same_numbers(scene)  # no noise, no chance
    for changes in (
        *({"surface": "sphere"}, {"surface_params": {"a": 2}}, {"start": (0, 0)}, {"steps": 9}, {"steps_per_epoch": 2}),
        *(
            {"noise": 1},
            {"runs": scene.runs[:1]},
            {"runs": scene.runs[::-1]},
            {"runs": [run, scene.runs[1].replace(lr=2)]},
        ),
    ):
        assert not scene.replace(**changes).same_numbers(scene), changes
        assert not scene.replace(**changes).same_content(scene), changes
    assert not scene.replace(noise=1, seed=3).same_numbers(scene.replace(noise=1))


def test_nothing_can_be_changed_in_place() -> None:
    scene = first_scene()
    for thing, name in [(scene, "steps"), (scene.runs[0], "lr"), (scene.view, "rest"), (scene.place, "cursor")]:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, 3)
    for mapping in (scene.surface_params, scene.runs[0].params, scene.runs[0].schedule_params):
        with pytest.raises(TypeError):
            mapping["k"] = 3  # type: ignore[index]
    given = {"a": 2.0}
    made = Scene(**SCENE | {"surface_params": given})
    given["a"] = 3.0
    assert made.surface_params["a"] == 2.0


def test_copies_are_equal() -> None:
    scene = first_scene()
    assert copy.copy(scene) == copy.deepcopy(scene) == scene
    assert Scene(**{field.name: getattr(scene, field.name) for field in dataclasses.fields(scene)}) == scene
    assert dataclasses.replace(scene, steps=3) == scene.replace(steps=3)


# Replacing


def test_replacing_a_runs_optimizer_keeps_what_both_know_and_was_set() -> None:
    run = Run(
        "adam", lr=0.1, beta1=0.5, schedule="staircase", k=0.3, period=7, label="mine", color="#123456", visible=False
    )
    changed = run.replace(optimizer="momentum")
    assert dict(changed.params) == {"beta1": 0.5}
    assert dict(changed.schedule_params) == {"k": 0.3, "period": 7}
    assert (changed.label, changed.color, changed.visible, changed.lr) == ("mine", "#123456", False, 0.1)
    # A default makes room for the new method's default.
    assert Run("adam", lr=0.1).replace(optimizer="lion").params["beta2"] == 0.99
    assert Run("adam", lr=0.1).replace(optimizer="amsgrad").params["eps_inside"] is False
    assert run.replace(optimizer="gd").params == {}


def test_replacing_a_runs_schedule() -> None:
    run = Run("adam", lr=0.1, schedule="staircase", k=0.3, period=7)
    assert dict(run.replace(schedule="constant").schedule_params) == {}
    assert dict(run.replace(schedule="exponential", k=0.5).schedule_params) == {"k": 0.5}
    assert run.replace(schedule="staircase") == run
    assert run.replace() == run
    for changes in (
        {"lr": -1},
        {"optimizer": "admm"},
        {"optimizer": None},
        {"schedule": []},
        {"nonsense": 1},
        {"beta1": 1},
    ):
        refused(lambda changes=changes: run.replace(**changes))


def test_replacing_a_scenes_surface_brings_its_own_start() -> None:
    scene = Scene(
        "rosenbrock",
        start=(0, 0),
        steps=9,
        noise=0.5,
        seed=3,
        runs=[Run("gd", lr=1)],
        surface_params={"a": 2},
        view=View(rest=True),
        place=Place(cursor=4, window=(0, 1, 0, 1)),
    )
    assert scene.replace() == scene
    assert scene.replace(steps=3).start == (0.0, 0.0)
    assert scene.replace(steps=3).surface_params == {"a": 2.0, "b": 100.0}
    moved = scene.replace(surface="himmelblau")
    assert moved.start == SURFACES["himmelblau"].start
    assert moved.surface_params == {}
    assert (moved.runs, moved.steps, moved.noise, moved.seed) == (scene.runs, 9, 0.5, 3)
    assert (moved.view, moved.place) == (View(rest=True), Place(cursor=4))
    assert scene.replace(surface="himmelblau", start=(1, 1)).start == (1.0, 1.0)
    for changes in ({"surface": None}, {"surface": []}, {"start": (math.inf, 0)}, {"steps": 0}, {"runs": 7}):
        refused(lambda changes=changes: scene.replace(**changes))


# Views


def test_views() -> None:
    for name, param in VIEW.items():
        assert (name, getattr(View(), name)) == (param.name, param.default)
    assert View().replace(rest=True).replace(third="gap") == View(rest=True, third="gap")
    assert View(rest=False) == View()
    assert hash(View(rest=False)) == hash(View())
    assert View(rest=True) != View()
    assert "has no setting 'cursor'; it has " in refused(lambda: View(cursor=3))
    with pytest.raises(AttributeError, match="a view has no setting 'cursor'"):
        _ = View().cursor


def test_places() -> None:
    assert {param.name for param in PLACE} | {"window"} == {field.name for field in dataclasses.fields(Place)}
    for param in PLACE:
        assert getattr(Place(), param.name) == param.default
    assert Place(window=[0, 1, -2, 2]).window == (0.0, 1.0, -2.0, 2.0)
    assert Place().replace(cursor=5).replace(speed="2/s") == Place(cursor=5, speed="2/s")
    assert hash(Place(window=[0, 1, 0, 1])) == hash(Place(window=(0, 1, 0, 1)))
    for speed in SPEEDS:
        assert Place(speed=speed).speed == speed


@pytest.mark.parametrize(
    "window",
    [
        (0, 1, 0),
        (0, 1, 0, 1, 2),
        (1, 0, 0, 1),
        (0, 1, 1, 0),
        (0, 0, 0, 1),
        (0, math.nan, 0, 1),
        (0, math.inf, 0, 1),
        (0, "1", 0, 1),
        (0, None, 0, 1),
        (False, True, 0, 1),
        "0101",
        7,
    ],
    ids=str,
)
def test_windows_that_are_none(window: Any) -> None:
    assert refused(lambda: Place(window=window)).startswith("window must be")


def test_the_area_is_the_surfaces_window_unless_the_place_has_one() -> None:
    scene = Scene(**SCENE)
    assert scene.area == SURFACES["rosenbrock"].window
    assert scene.replace(place=Place(window=(0, 1, 2, 3))).area == (0.0, 1.0, 2.0, 3.0)


# The rest


def test_the_first_scene_stands() -> None:
    scene = first_scene()
    assert [run.optimizer for run in scene.runs] == ["momentum", "adagrad", "rmsprop", "adam"]
    assert all(run.schedule != "constant" for run in scene.runs)


@pytest.mark.parametrize("surface", SURFACES)
def test_a_rate_is_suggested_for_every_optimizer(surface: str) -> None:
    for optimizer in OPTIMIZERS:
        lr = suggest_lr(OPTIMIZERS[optimizer], SURFACES[surface])
        assert Run(optimizer, lr=lr).lr == lr
        assert len(f"{lr:g}".replace("0", "").replace(".", "").split("e")[0]) <= 2, optimizer


def test_minima_follow_the_parameters() -> None:
    (minimum,) = Scene(**SCENE | {"surface_params": {"a": 2}}).minima
    assert minimum == (2.0, 4.0)
