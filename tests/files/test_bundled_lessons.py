"""The bundled lessons: every scene runs, and what its text claims is so, in numbers."""

import math
import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from optiviz import Run, Scene, Trajectory, assets, simulate
from optiviz.engine.measures import distance_to_minimum, effective_rates, gradient_norm, step_length
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.schedules import SCHEDULES
from optiviz.files.lessons import Lesson, LessonScene, read_lessons
from optiviz.scene.view import OVERLAYS

LESSONS, PROBLEMS = read_lessons(assets.path("lessons"))
FILES = {lesson.path.name: lesson for lesson in LESSONS}
SCENES = {(lesson.path.name, scene.title): scene for lesson in LESSONS for scene in lesson.scenes}
EVERY = [pytest.param(key, id=f"{key[0][:2]} {key[1]}") for key in SCENES]

# The lecture's own.
OPTIMIZER_KEYS = "gd momentum momentum_ema adagrad rmsprop adam".split()
SCHEDULE_KEYS = "constant inverse_time inverse_sqrt exponential geometric staircase manual".split()
K_GRID = (0.01, 0.1, 0.5, 0.9, 0.95, 0.99)
FORMULAS = """
x ← x − α g
v ← β₁ v − α g
x ← x + v
v ← β₁ v + (1−β₁) g
x ← x − α v
s ← s + g²
x ← x − α g / (√s + ε)
s ← β₂ s + (1−β₂) g²
x ← x − α g / √(s + ε)
v̂ = v/(1−β₁ᵗ), ŝ = s/(1−β₂ᵗ)
x ← x − α v̂ / √(ŝ + ε)
α₀
α₀ / (1 + k t)
k α₀ / √(t+1)
α₀ e^(−k t)
k^t α₀
α₀ k^⌊t/period⌋
"""

Trajectories = Sequence[Trajectory]
Claim = Callable[[Scene, Trajectories], None]
CLAIMS: dict[tuple[str, str], Claim] = {}


def claim(file: str, title: str) -> Callable[[Claim], Claim]:
    def declare(check: Claim) -> Claim:
        assert (file, title) not in CLAIMS
        CLAIMS[file, title] = check
        return check

    return declare


# --- measures ---


def distance(scene: Scene, trajectory: Trajectory):
    return distance_to_minimum(trajectory, scene.minima)


def arrival(scene: Scene, trajectory: Trajectory, near: float = 0.1) -> float:
    """The step from which the run stays near a minimum; infinite if it does not."""
    far = np.flatnonzero(~(distance(scene, trajectory) < near))
    first = int(far[-1]) + 1 if len(far) else 0
    return first if first < len(trajectory) else math.inf


def reached(scene: Scene, trajectory: Trajectory, near: float) -> float:
    """The first step near a minimum; infinite if there is none."""
    steps = np.flatnonzero(distance(scene, trajectory) < near)
    return int(steps[0]) if len(steps) else math.inf


def late(scene: Scene, trajectory: Trajectory, rows: int = 50) -> float:
    """The mean distance to the minimum in the last rows."""
    return float(distance(scene, trajectory)[-rows:].mean())


def cloud(trajectory: Trajectory, rows: int = 50) -> float:
    """How widely the last rows are spread."""
    return float(np.hypot(trajectory.x[-rows:].std(), trajectory.y[-rows:].std()))


def gap(one: Trajectory, other: Trajectory):
    return np.hypot(one.x - other.x, one.y - other.y)


def turned(scene: Scene, trajectory: Trajectory):
    """The coordinates along and across an ellipse's valley."""
    angle = math.radians(scene.surface_params["angle"])
    c, s = math.cos(angle), math.sin(angle)
    return c * trajectory.x + s * trajectory.y, c * trajectory.y - s * trajectory.x


def rates_of(scene: Scene, trajectory: Trajectory, index: int = 0):
    """The effective rates along x and y of every update."""
    run = scene.runs[index]
    along_x, along_y = effective_rates(trajectory, run.rule, run.params)
    return along_x[:-1], along_y[:-1]


def crossings(values) -> int:
    """How often the sign changes."""
    return int(np.count_nonzero(np.diff(np.sign(values))))


def ends(trajectories: Trajectories) -> set[tuple[int, int]]:
    return {(round(t.x[-1]), round(t.y[-1])) for t in trajectories}


def again(scene: Scene, *runs: Run, **changes) -> Trajectories:
    return simulate(scene.replace(**changes, **({"runs": runs} if runs else {})))


# --- 1 gradient descent ---

FIRST = "01-gradient-descent.md"


@claim(FIRST, "Downhill, one step at a time")
def steps_get_short_by_themselves(scene, trajectories):
    (t,) = trajectories
    assert np.all(np.diff(step_length(t)[:-1]) < 0)
    assert len(set(t.lr)) == 1
    assert arrival(scene, t) <= 20
    # Along a contour line f does not change: the step is at a right angle to it.
    dx, dy = np.diff(t.x)[0], np.diff(t.y)[0]
    assert dx * t.grad_y[0] - dy * t.grad_x[0] == pytest.approx(0, abs=1e-12)


@claim(FIRST, "Too small, right, too large")
def one_creeps_one_arrives_one_leaps(scene, trajectories):
    small, right, large = trajectories
    assert distance(scene, small)[-1] > 0.5
    assert 6 <= arrival(scene, right) <= 12
    assert distance(scene, large)[-1] > 0.5
    assert crossings(turned(scene, large)[1]) == scene.steps  # to the opposite slope at every step
    assert crossings(turned(scene, small)[1]) == 0


@claim(FIRST, "Beyond the limit")
def one_settles_the_other_will_diverge(scene, trajectories):
    inside, outside = trajectories
    assert scene.runs[0].lr < 2 / scene.surface_params["kappa"] < scene.runs[1].lr
    assert arrival(scene, inside) <= scene.steps
    assert np.all(np.diff(outside.loss[10:]) > 0)
    assert outside.loss[-1] > 5 * outside.loss[0]
    assert again(scene, steps=10_000)[1].outcome == "diverged"


@claim(FIRST, "The ravine")
def it_zigzags_and_creeps(scene, trajectories):
    (t,) = trajectories
    assert scene.surface_params["kappa"] == 40
    assert crossings(t.y) == scene.steps
    assert crossings(t.x) == 0
    assert arrival(scene, t) > 70
    # At the start the gradient points at the wall: the angle between -g and the way to the minimum is large.
    cosine = (t.grad_x[0] * t.x[0] + t.grad_y[0] * t.y[0]) / (np.hypot(t.x[0], t.y[0]) * gradient_norm(t)[0])
    assert cosine < 0.5


@claim(FIRST, "How narrow is it?")
def a_hundred_steps_are_not_enough(scene, trajectories):
    assert scene.runs[0].lr == pytest.approx(2 / (1 + scene.surface_params["kappa"]), rel=1e-3)
    assert distance(scene, trajectories[0])[-1] > 0.5
    (wide,) = again(scene, Run("gd", lr=0.18), surface_params={"kappa": 10.0})
    assert arrival(scene, wide) <= 20


# --- 2 momentum ---

SECOND = "02-momentum.md"


@claim(SECOND, "A velocity")
def momentum_runs_along_the_ravine(scene, trajectories):
    gd, momentum = trajectories
    assert arrival(scene, momentum) < 50
    assert arrival(scene, gd) == math.inf
    early = slice(0, 15)
    assert step_length(momentum)[early].mean() < step_length(gd)[early].mean()  # the pushes across cancel
    assert momentum.x[15] > gd.x[15] + 1  # those along add up


@claim(SECOND, "It overshoots")
def it_runs_through_the_minimum_and_back(scene, trajectories):
    momentum, gd = trajectories
    assert max(momentum.x) > 1
    assert min(momentum.y) < -2
    assert np.count_nonzero(np.diff(momentum.loss) > 0) > 20
    assert np.all(np.diff(gd.loss)[:40] < 0)
    assert arrival(scene, gd) < arrival(scene, momentum)


@claim(SECOND, "How long is the memory?")
def nine_tenths_is_best(scene, trajectories):
    short, middle, long = trajectories
    assert arrival(scene, middle) < 0.6 * arrival(scene, short) < math.inf
    assert arrival(scene, long) == math.inf
    assert crossings(long.x) >= 4
    assert late(scene, long) > 1


@claim(SECOND, "The other form")
def the_two_forms_coincide(scene, trajectories):
    second, first = scene.runs
    assert first.lr == pytest.approx((1 - second.params["beta1"]) * second.lr)
    assert gap(*trajectories).max() < 1e-12


@claim(SECOND, "Until the rate decays")
def the_two_forms_part(scene, trajectories):
    second, first = trajectories
    assert gap(second, first)[1] < 1e-12
    assert gap(second, first)[-1] > 0.1
    assert gap(second, first).max() > 1
    assert step_length(second)[30:60].mean() < step_length(first)[30:60].mean()  # the first rolls on


@claim(SECOND, "Look before you leap")
def nesterov_brakes(scene, trajectories):
    nesterov, momentum = trajectories
    assert min(nesterov.y) > 0.6 * min(momentum.y)
    assert arrival(scene, nesterov) < 0.55 * arrival(scene, momentum) < math.inf


# --- 3 Adagrad ---

THIRD = "03-adagrad.md"


@claim(THIRD, "Squares that add up")
def the_rates_are_twenty_times_apart(scene, trajectories):
    along_x, along_y = rates_of(scene, trajectories[0])
    assert along_x / along_y == pytest.approx(20, rel=1e-3)
    assert arrival(scene, trajectories[0]) < scene.steps


@claim(THIRD, "The ravine is gone")
def adagrad_goes_straight(scene, trajectories):
    adagrad, gd = trajectories
    assert adagrad.x + adagrad.y == pytest.approx(0, abs=1e-6)
    assert arrival(scene, adagrad) < 25
    assert arrival(scene, gd) == math.inf
    assert crossings(gd.y) == scene.steps
    (round_bowl,) = again(scene, scene.runs[0], surface_params={"kappa": 1.0})
    assert gap(adagrad, round_bowl).max() < 1e-6


@claim(THIRD, "Turn the ravine")
def a_rate_per_coordinate_is_no_help(scene, trajectories):
    (t,) = trajectories
    along_x, along_y = rates_of(scene, t)
    assert np.all(np.abs(np.log(along_x / along_y)) < np.log(1.1))
    assert distance(scene, t)[-1] > 2
    (straight,) = again(scene, surface_params={"kappa": 100.0, "angle": 0.0})
    assert arrival(scene, straight) < 30


@claim(THIRD, "It slows down for ever")
def the_rates_only_fall(scene, trajectories):
    (t,) = trajectories
    assert min(gradient_norm(t)[:5]) > 100
    for rates in rates_of(scene, t):
        assert np.all(np.diff(rates) <= 0)
    assert distance(scene, t)[-1] > 3
    assert step_length(t)[-2] < 0.02 * step_length(t)[0]
    assert gradient_norm(t)[-1] < 0.02 * gradient_norm(t)[0]


# --- 4 RMSprop ---

FOURTH = "04-rmsprop.md"


@claim(FOURTH, "A mean in place of the sum")
def the_rate_rises_a_hundredfold(scene, trajectories):
    rmsprop, adagrad = trajectories
    assert scene.runs[0].lr == scene.runs[1].lr
    assert scene.start == SCENES[THIRD, "It slows down for ever"].scene.start
    along_x, _ = rates_of(scene, rmsprop)
    assert along_x[-1] > 100 * along_x[0]
    assert np.all(np.diff(rates_of(scene, adagrad, 1)[0]) <= 0)
    assert arrival(scene, rmsprop) < 200
    assert distance(scene, adagrad)[-1] > 3


@claim(FOURTH, "How fast to forget")
def short_memories_tremble_long_ones_pay(scene, trajectories):
    short, middle, long = trajectories
    assert reached(scene, short, 0.2) < reached(scene, middle, 0.2) < reached(scene, long, 0.2) == math.inf
    assert distance(scene, long)[-1] > 0.9
    trembling = [step_length(t)[-30:-1].mean() for t in trajectories]
    assert trembling[0] > 5 * trembling[2]
    wobble = [np.abs(np.diff(np.log(rates_of(scene, t, i)[0]))).mean() for i, t in enumerate(trajectories)]
    assert wobble[0] > wobble[1] > wobble[2]


@claim(FOURTH, "It never stands still")
def it_trembles_as_much_as_its_rate(scene, trajectories):
    for run, t in zip(scene.runs, trajectories, strict=True):
        assert distance(scene, t).min() < 1e-4  # it all but arrives,
        assert np.abs(np.diff(t.x))[-10:] == pytest.approx(run.lr, rel=0.3)  # and is thrown out again
        assert np.abs(np.diff(t.y))[-10:] == pytest.approx(run.lr, rel=0.3)
    large, small = (step_length(t)[-11:-1].mean() for t in trajectories)
    assert large / small == pytest.approx(4, rel=0.2)


@claim(FOURTH, "Where ε stands")
def outside_the_rate_is_smaller(scene, trajectories):
    inside, outside = trajectories
    for one, other in zip(rates_of(scene, inside), rates_of(scene, outside, 1), strict=True):
        assert np.all(one > other)
    assert gap(inside, outside).max() > 0.4
    assert distance(scene, inside)[-1] < 0.6 * distance(scene, outside)[-1]
    tiny = again(scene, *(run.replace(eps=1e-8) for run in scene.runs))
    assert gap(*tiny).max() < 1e-3


# --- 5 Adam ---

FIFTH = "05-adam.md"


@claim(FIFTH, "Two moments")
def straight_as_rmsprop_swinging_as_momentum(scene, trajectories):
    adam, momentum, rmsprop = trajectories
    assert adam.x + adam.y == pytest.approx(0, abs=1e-6)
    assert rmsprop.x + rmsprop.y == pytest.approx(0, abs=1e-6)
    assert max(adam.x) > 0.5
    assert max(rmsprop.x) < 0.01
    assert crossings(adam.x) >= 3
    assert crossings(momentum.y) >= 5
    assert np.abs(momentum.x + momentum.y).max() > 3


@claim(FIFTH, "The hats")
def the_first_step_is_three_times_too_long(scene, trajectories):
    corrected, plain = (step_length(t) for t in trajectories)
    assert corrected[0] == pytest.approx(0.2 * math.sqrt(2), rel=1e-6)
    assert plain[0] / corrected[0] == pytest.approx(0.1 / math.sqrt(0.001), rel=1e-6)
    assert np.all(plain[1:4] > plain[0])
    assert gap(*trajectories).max() > 1


@claim(FIFTH, "The advised values")
def the_defaults_are_good_and_no_magic(scene, trajectories):
    assert dict(scene.runs[0].params) == Run("adam", lr=1).params
    advised, *others = trajectories
    assert arrival(scene, advised) < 200
    assert all(arrival(scene, other) == math.inf for other in others)
    (quicker,) = again(scene, scene.runs[0].replace(beta2=0.9))
    assert arrival(scene, quicker) < 0.8 * arrival(scene, advised)


@claim(FIFTH, "But α must be tuned")
def only_the_middle_rate_arrives(scene, trajectories):
    creeps, arrives, thrown = trajectories
    assert arrival(scene, arrives) < 60
    assert distance(scene, creeps)[-1] > 2
    assert step_length(creeps)[:-1].max() < 0.02
    assert arrival(scene, thrown) == math.inf
    assert min(thrown.x) < scene.area[0]


# --- 6 why decay ---

SIXTH = "06-why-decay.md"


@claim(SIXTH, "Never quite there")
def it_is_close_and_stays_close(scene, trajectories):
    away = distance(scene, trajectories[0])[20:]
    assert away.min() > 0.3
    assert away.max() < 1.5
    assert crossings(trajectories[0].x[20:] - scene.minima[0][0]) > 30


@claim(SIXTH, "Let it fall")
def it_settles_only_with_decay(scene, trajectories):
    decaying, constant = trajectories
    assert arrival(scene, decaying) < 30
    assert arrival(scene, constant) == math.inf
    assert distance(scene, decaying)[-1] < 1e-9
    assert gap(decaying, constant)[2] < 0.3


@claim(SIXTH, "Noise")
def the_larger_the_rate_the_wider_the_cloud(scene, trajectories):
    large, small = trajectories
    assert cloud(large) > 3 * cloud(small)
    assert reached(scene, large, 1) < 10
    assert reached(scene, small, 1) > 100


@claim(SIXTH, "Fast, then calm")
def decay_is_fast_and_then_calm(scene, trajectories):
    decaying, large, small = trajectories
    assert reached(scene, decaying, 1) <= reached(scene, large, 1) + 2
    assert late(scene, decaying) < 0.5 * late(scene, small) < late(scene, large)


@claim(SIXTH, "Too soon")
def too_fast_a_decay_freezes(scene, trajectories):
    slow, fast = trajectories
    assert late(scene, slow) < 0.3
    assert distance(scene, fast)[-1] > 1
    assert step_length(fast)[100:-1].max() < 1e-9


# --- 7 formulas ---

SEVENTH = "07-decay-formulas.md"


def check_grid(scene: Scene, key: str) -> None:
    assert [run.schedule for run in scene.runs] == [key] * 6
    assert [run.schedule_params["k"] for run in scene.runs] == list(K_GRID)
    assert all(run.lr == 1 for run in scene.runs)


def where(scene: Scene, trajectories: Trajectories) -> list[float]:
    """The distances to the minimum at the end."""
    return [distance(scene, t)[-1] for t in trajectories]


@claim(SEVENTH, "1/t decay")
def larger_k_stops_sooner(scene, trajectories):
    check_grid(scene, "inverse_time")
    last = where(scene, trajectories)
    assert last == sorted(last)
    assert last[0] < 0.2
    assert last[1] > 3
    assert np.all(trajectories[-1].lr > 0)


@claim(SEVENTH, "1/√t decay")
def k_is_only_a_factor(scene, trajectories):
    check_grid(scene, "inverse_sqrt")
    for k, t in zip(K_GRID, trajectories, strict=True):
        assert t.lr / t.lr[0] == pytest.approx(trajectories[0].lr / trajectories[0].lr[0])
        assert t.lr[0] == pytest.approx(k)
        assert t.lr[200] / t.lr[50] > 1.5 * 51 / 201  # 1/t would fall to about a quarter
    last = where(scene, trajectories)
    assert last == sorted(last, reverse=True)


@claim(SEVENTH, "Exponential decay")
def every_epoch_takes_the_same_share(scene, trajectories):
    check_grid(scene, "exponential")
    for k, t in zip(K_GRID, trajectories, strict=True):
        assert np.diff(np.log(t.lr)) == pytest.approx(-k, rel=1e-6)
    last = where(scene, trajectories)
    assert last == sorted(last)
    assert last[0] < 0.5
    assert min(last[1:]) > 5
    assert all(step_length(t)[20:-1].max() < 1e-3 for t in trajectories[2:])


@claim(SEVENTH, "The other exponential")
def k_is_what_is_left(scene, trajectories):
    check_grid(scene, "geometric")
    last = where(scene, trajectories)
    assert last == sorted(last, reverse=True)
    assert step_length(trajectories[0])[3:-1].max() < 1e-4
    page_before = simulate(SCENES[SEVENTH, "Exponential decay"].scene)
    assert gap(trajectories[-1], page_before[0]).max() < 0.02
    assert math.exp(-0.01) == pytest.approx(0.99, abs=1e-4)


@claim(SEVENTH, "Step decay")
def constant_for_ten_epochs(scene, trajectories):
    check_grid(scene, "staircase")
    for k, t in zip(K_GRID, trajectories, strict=True):
        assert set(t.lr[:10]) == {1.0}
        assert t.lr[10:20] == pytest.approx(k)
    last = where(scene, trajectories)
    assert last == sorted(last, reverse=True)
    assert last[0] > 5
    assert max(last[3:]) < 0.5


@claim(SEVENTH, "All five")
def the_larger_area_gets_farther(scene, trajectories):
    settings = {run.schedule: dict(run.schedule_params) for run in scene.runs}
    assert settings == {
        "inverse_time": {"k": 0.1},
        "inverse_sqrt": {"k": 0.95},
        "exponential": {"k": 0.5},
        "geometric": {"k": 0.95},
        "staircase": {"k": 0.9, "period": 10},
    }
    areas = [t.lr[:-1].sum() for t in trajectories]
    last = where(scene, trajectories)
    assert np.argsort(areas).tolist() == np.argsort(last)[::-1].tolist()
    assert max(last) - min(last) > 5


# --- 8 step and manual decay ---

EIGHTH = "08-step-and-manual-decay.md"


@claim(EIGHTH, "Stairs")
def the_cloud_shrinks_at_each_drop(scene, trajectories):
    (t,) = trajectories
    assert t.lr[[0, 40, 80, 120, 160, 200]] == pytest.approx(0.15 * 0.5 ** np.arange(6))
    stairs = [slice(start, start + 40) for start in range(0, 240, 40)]
    clouds = [np.hypot(t.x[stair].std(), t.y[stair].std()) for stair in stairs]
    assert clouds == sorted(clouds, reverse=True)
    assert clouds[-1] < 0.2 * clouds[1]
    losses = [t.loss[stair].mean() for stair in stairs]
    assert losses == sorted(losses, reverse=True)


@claim(EIGHTH, "When to step")
def the_middle_period_settles(scene, trajectories):
    often, between, seldom = trajectories
    assert step_length(often)[60:-1].max() < 1e-3
    assert distance(scene, often)[-1] > 0.8
    assert cloud(seldom) > 0.5
    assert late(scene, between) < 0.25 * min(late(scene, often), late(scene, seldom))


@claim(EIGHTH, "What is an epoch?")
def the_rate_moves_every_twenty_steps(scene, trajectories):
    decaying, constant = trajectories
    changes = np.flatnonzero(np.diff(decaying.lr)) + 1
    assert changes.tolist() == list(range(20, 241, 20))
    assert late(scene, decaying) < 0.6 * late(scene, constant)
    (quicker,) = again(scene, scene.runs[0], steps_per_epoch=1)
    assert quicker.lr[-1] < 0.1 * decaying.lr[-1]


@claim(EIGHTH, "By hand")
def a_hand_settles_it(scene, trajectories):
    by_hand, alone = trajectories
    assert scene.runs[0].schedule_params["knots"] == ((40, 0.04), (100, 0.01), (160, 0.0025))
    assert gap(by_hand, alone)[:41].max() == 0
    assert late(scene, by_hand) < 0.15 * late(scene, alone)
    assert np.polyfit(np.arange(30), by_hand.loss[10:40], 1)[0] > -0.1  # the loss had stopped falling


@claim(EIGHTH, "Your turn")
def there_is_something_to_do(scene, trajectories):
    assert reached(scene, trajectories[0], 0.2) < 100
    assert late(scene, trajectories[0]) > 0.5
    (helped,) = again(scene, scene.runs[0].replace(knots=((50, 0.075), (100, 0.0375), (150, 0.01875), (200, 0.01))))
    assert late(scene, helped) < 0.5 * late(scene, trajectories[0])


# --- 9 saddles, plateaus, many minima ---

NINTH = "09-saddles-plateaus-many-minima.md"


@claim(NINTH, "The saddle")
def rates_per_coordinate_leave_at_once(scene, trajectories):
    gd, momentum, *adaptive = trajectories
    assert max(np.abs(gd.y)) < 0.5
    assert max(np.abs(momentum.y)) < 0.5
    assert max(np.abs(gd.x[-20:])) < 0.2
    assert max(np.abs(momentum.x[-20:])) < 0.2
    assert all(np.abs(t.y[25]) > 1 for t in adaptive)


@claim(NINTH, "The plateau")
def dividing_by_the_slope_walks_off(scene, trajectories):
    gd, momentum, rmsprop, adam = trajectories
    assert np.hypot(gd.x[-1] - gd.x[0], gd.y[-1] - gd.y[0]) < 0.3
    assert np.hypot(momentum.x[-1] - momentum.x[0], momentum.y[-1] - momentum.y[0]) < 0.5
    assert arrival(scene, rmsprop) < 50
    assert arrival(scene, adam) < 100


@claim(NINTH, "Two wells")
def momentum_rolls_through(scene, trajectories):
    momentum, gd = trajectories
    assert gd.x[-1] < -1
    assert gradient_norm(gd)[-1] < 1e-4
    assert momentum.x[-1] > 1
    assert momentum.loss[-1] < gd.loss[-1] - 1
    assert np.hypot(momentum.x - gd.x[-1], momentum.y - gd.y[-1]).min() < 0.4  # through the shallow one


@claim(NINTH, "One start, many ends")
def they_end_in_three_minima(scene, trajectories):
    assert len(scene.minima) == 4
    assert all(arrival(scene, t) < math.inf for t in trajectories)
    assert len(ends(trajectories)) == 3
    assert ends(again(scene, start=(0.2, -3.7))) != ends(trajectories)


@claim(NINTH, "A minimum near every whole number")
def nobody_finds_the_deepest(scene, trajectories):
    assert len(ends(trajectories)) >= 3
    for t in trajectories:
        assert distance(scene, t)[-1] > 3
        assert np.hypot(t.x[-1] - round(t.x[-1]), t.y[-1] - round(t.y[-1])) < 0.15
        assert np.hypot(t.x[-1] - t.x[0], t.y[-1] - t.y[0]) < 2


# --- 10 summary ---

TENTH = "10-summary.md"
RACE = ["gd", "momentum", "adagrad", "rmsprop", "adam"]


@claim(TENTH, "The same rate for all")
def momentum_wins_and_three_hardly_start(scene, trajectories):
    assert [run.optimizer for run in scene.runs] == RACE
    assert {run.lr for run in scene.runs} == {0.003}
    arrivals = [arrival(scene, t) for t in trajectories]
    assert arrivals[1] < math.inf
    assert all(a == math.inf for a in arrivals[:1] + arrivals[2:])
    for t in trajectories[2:]:
        assert np.hypot(t.x[-1] - t.x[0], t.y[-1] - t.y[0]) < 0.8


@claim(TENTH, "The best rate for each")
def adam_arrives_first_and_gd_last(scene, trajectories):
    assert [run.optimizer for run in scene.runs] == RACE
    arrivals = dict(zip(RACE, (arrival(scene, t) for t in trajectories), strict=True))
    assert arrivals["adam"] < 0.8 * min(arrivals[key] for key in RACE[:-1])
    assert arrivals["gd"] == max(arrivals.values()) < math.inf
    for run in scene.runs:  # no other rate of a fine grid settles sooner, but for a few steps
        grid = [run.replace(lr=run.lr * factor, label=str(factor)) for factor in np.geomspace(0.1, 5, 40)]
        soonest = min(arrival(scene, t) for t in again(scene, *grid) if t.outcome == "done")
        assert arrivals[run.optimizer] <= 1.15 * soonest


@claim(TENTH, "With noise and decay")
def with_decay_they_settle(scene, trajectories):
    adam_decaying, adam, momentum_decaying, momentum = trajectories
    assert reached(scene, adam, 0.2) < 100
    assert reached(scene, momentum, 0.2) < 100
    assert cloud(adam_decaying) < 0.2 * cloud(adam)
    assert cloud(momentum_decaying) < 0.2 * cloud(momentum)
    assert late(scene, adam_decaying) < min(late(scene, t) for t in trajectories[1:])


@claim(TENTH, "What to take home")
def each_of_them_settles(scene, trajectories):
    assert [run.optimizer for run in scene.runs] == RACE
    assert all(run.schedule == "inverse_time" for run in scene.runs)
    assert all(arrival(scene, t) < 100 for t in trajectories)
    assert len(ends(trajectories)) == 3


# --- all scenes ---


def test_all_lessons_are_read():
    assert PROBLEMS == []
    assert [lesson.path.name[:2] for lesson in LESSONS] == [f"{number:02}" for number in range(1, 11)]
    assert len({lesson.title for lesson in LESSONS}) == 10
    assert len(SCENES) == sum(len(lesson.scenes) for lesson in LESSONS)


def test_every_scene_has_a_claim():
    assert list(CLAIMS) == list(SCENES)


@pytest.mark.parametrize("key", EVERY)
def test_the_claim_holds(key):
    lesson_scene = SCENES[key]
    trajectories = simulate(lesson_scene.scene)
    CLAIMS[key](lesson_scene.scene, trajectories)
    outcomes = {t.outcome for t in trajectories}
    assert outcomes == {"done"} or "diverge" in lesson_scene.text, "a run diverges, and the text does not say so"


def paragraphs(scene: LessonScene) -> list[str]:
    return [part for part in scene.text.split("\n\n") if not part.startswith(">")]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.path.stem)
def test_a_lesson_is_short_and_begins_in_sight(lesson: Lesson):
    assert 3 <= len(lesson.scenes) <= 6
    assert 3 <= len(lesson.introduction.split()) <= 30
    for lesson_scene in lesson.scenes:
        title, scene = lesson_scene.title, lesson_scene.scene
        assert len(title) <= 40, title
        assert 1 <= len(paragraphs(lesson_scene)) <= 3, title
        assert 10 <= len(" ".join(paragraphs(lesson_scene)).split()) <= 70, f"words of {title!r}"
        speed = re.fullmatch(r"(\d+)/s", scene.place.speed)
        assert speed, title
        assert 5 <= (scene.steps - scene.place.cursor) / int(speed[1]) <= 15, f"seconds that {title!r} plays"
        x0, x1, y0, y1 = scene.area
        assert x0 < scene.start[0] < x1, f"start of {title!r}"
        assert y0 < scene.start[1] < y1, f"start of {title!r}"


# --- the lecture ---


def plain(formula: str) -> str:
    """A formula without its spaces; `^t` for a superscript t, which the lecture's page has not everywhere."""
    return re.sub(r"\s", "", formula).replace("ᵗ", "^t")


def quoted() -> list[str]:
    """Every formula that has a line of its own."""
    lines = [line for scene in SCENES.values() for line in scene.text.splitlines()]
    return [line.removeprefix("> ") for line in lines if line.startswith("> ")]


def test_every_formula_of_the_lecture_is_on_screen():
    shown = set(map(plain, quoted()))
    assert [formula for formula in FORMULAS.strip().splitlines() if plain(formula) not in shown] == []


def test_rules_and_schedules_stand_as_the_panel_shows_them():
    formulas = [formula for key in OPTIMIZER_KEYS for formula in OPTIMIZERS[key].formula]
    formulas += [SCHEDULES[key].formula for key in SCHEDULE_KEYS if key != "manual"]
    assert [formula for formula in formulas if formula not in quoted()] == []


def test_formulas_stand_alone():
    """Two quoted lines in a row would be one paragraph in Markdown."""
    for scene in SCENES.values():
        assert not re.search(r"^> .*\n> ", scene.text, re.MULTILINE)


def test_every_rule_and_decay_of_the_lecture_is_used():
    runs = [run for scene in SCENES.values() for run in scene.scene.runs]
    assert {run.optimizer for run in runs} >= set(OPTIMIZER_KEYS)
    assert {run.schedule for run in runs} == set(SCHEDULE_KEYS)


def test_every_overlay_is_used():
    views = [scene.scene.view for scene in SCENES.values()]
    for overlay in OVERLAYS.values():
        assert any(getattr(view, overlay.flag.name) for view in views), overlay.key
    assert any(view.arithmetic for view in views)
