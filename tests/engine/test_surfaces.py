"""Every surface of the catalog: its gradient, its minima, its grid and its defaults."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from optiviz.engine.elementary import ARRAYS, FLOATS
from optiviz.engine.params import Real
from optiviz.engine.surfaces import SURFACES, Point, Surface

KEYS = [
    "sphere",
    "ellipse",
    "booth",
    "matyas",
    "rosenbrock",
    "beale",
    "three_hump_camel",
    "six_hump_camel",
    "mccormick",
    "goldstein_price",
    "himmelblau",
    "rastrigin",
    "ackley",
    "styblinski_tang",
    "twin_wells",
    "saddle",
    "monkey_saddle",
    "plateau",
    "easom",
]
FAMILIES = {"bowls": 4, "valleys": 6, "many minima": 5, "flat and saddle": 4}
LOWEST = {
    "sphere": 0.0,
    "ellipse": 0.0,
    "booth": 0.0,
    "matyas": 0.0,
    "rosenbrock": 0.0,
    "beale": 0.0,
    "three_hump_camel": 0.0,
    "six_hump_camel": -1.031628453489877,
    "mccormick": -1.9132229549810367,
    "goldstein_price": 3.0,
    "himmelblau": 0.0,
    "rastrigin": 0.0,
    "ackley": 0.0,
    "styblinski_tang": -78.33233140754282,
    "plateau": 0.0,
    "easom": -1.0,
}
LOCAL = {  # f at all known minima, from the lowest
    "three_hump_camel": [0.0, 0.29863844223686, 0.29863844223686],
    "six_hump_camel": [-1.03162845348988] * 2 + [-0.21546382438372] * 2 + [2.10425031031126] * 2,
    "mccormick": [-1.91322295498104, 1.22836969860876],
    "goldstein_price": [3.0, 30.0, 84.0, 840.0],
    "himmelblau": [0.0] * 4,
    "styblinski_tang": [-78.33233140754282, -64.19561235905536, -64.19561235905536, -50.05889331056789],
}
WITHOUT_MINIMA = {"saddle", "monkey_saddle"}
H = 6e-6  # the step of a central difference that balances cutting off and rounding off

every_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES.keys())


def reals(surface: Surface) -> list[Real]:
    return [param for param in surface.params if isinstance(param, Real)]


def settings(surface: Surface, count: int = 6) -> list[dict[str, float]]:
    """The default parameters, then random ones from the sliders."""
    rng = random.Random(surface.key)
    drawn = [surface.defaults()]
    if surface.params:
        drawn += [{param.name: rng.uniform(*param.slider) for param in reals(surface)} for _ in range(count)]
    return drawn


def points(surface: Surface, count: int) -> list[Point]:
    rng = random.Random(surface.key)
    left, right, low, high = surface.window
    return [(rng.uniform(left, right), rng.uniform(low, high)) for _ in range(count)]


def slope(surface: Surface, x: float, y: float, params: dict[str, float]) -> Point:
    gx, gy = surface.slope(FLOATS, x, y, **params)
    return gx, gy


def test_the_catalog_is_complete_and_in_order() -> None:
    assert list(SURFACES) == KEYS
    assert len(SURFACES) == 19
    families = [surface.family for surface in SURFACES.values()]
    assert families == [family for family, count in FAMILIES.items() for _ in range(count)]


@every_surface
def test_says_what_it_is(surface: Surface) -> None:
    assert surface.name.strip()
    assert surface.source.strip()
    assert surface.formula.startswith("f = ")
    assert not surface.note or surface.note.endswith(".")
    assert len(reals(surface)) == len(surface.params)
    for param in reals(surface):
        assert param.symbol
        assert param.help.endswith(".")
        assert param.check(param.default) == param.default
        low, high = param.slider
        assert low < high
        assert param.check(low) == low
        assert param.check(high) == high
        assert low <= param.default <= high


@every_surface
def test_gradient_agrees_with_central_differences(surface: Surface) -> None:
    for params in settings(surface):
        for x, y in [surface.start, *points(surface, 40)]:
            gx, gy = slope(surface, x, y, params)
            dx = (surface.at(x + H, y, params) - surface.at(x - H, y, params)) / (2 * H)
            dy = (surface.at(x, y + H, params) - surface.at(x, y - H, params)) / (2 * H)
            scale = 1 + math.hypot(gx, gy) + abs(surface.at(x, y, params))
            assert math.hypot(gx - dx, gy - dy) < 3e-8 * scale, (x, y, params)


@every_surface
def test_minima_are_minima(surface: Surface) -> None:
    for params in settings(surface):
        minima = surface.minima(params)
        assert bool(minima) == (surface.key not in WITHOUT_MINIMA)
        assert len(set(minima)) == len(minima)
        for x, y in minima:
            assert math.hypot(*slope(surface, x, y, params)) < 1e-10, (x, y, params)
            bottom = surface.at(x, y, params)
            for radius in (1e-3, 1e-2):
                for k in range(16):
                    turn = math.tau * k / 16
                    nearby = surface.at(x + radius * math.cos(turn), y + radius * math.sin(turn), params)
                    assert nearby >= bottom, (x, y, params, radius, k)


@every_surface
def test_default_minima_lie_in_the_window(surface: Surface) -> None:
    left, right, low, high = surface.window
    assert all(left < x < right and low < y < high for x, y in surface.minima())


@pytest.mark.parametrize("key", LOWEST)
def test_lowest_value_is_the_one_in_the_literature(key: str) -> None:
    surface = SURFACES[key]
    params = surface.defaults()
    lowest = min(surface.at(x, y, params) for x, y in surface.minima())
    assert lowest == pytest.approx(LOWEST[key], rel=1e-14, abs=1e-14)
    _, _, f = surface.grid(surface.window, 101, 101, params)
    assert f.min() >= lowest - 1e-12


@pytest.mark.parametrize("key", LOCAL)
def test_all_known_minima_are_given(key: str) -> None:
    surface = SURFACES[key]
    heights = sorted(surface.at(x, y, {}) for x, y in surface.minima())
    assert heights == pytest.approx(LOCAL[key], rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("key", [*LOCAL, "twin_wells"])
def test_no_minimum_of_the_window_is_missing(key: str) -> None:
    surface = SURFACES[key]
    for params in settings(surface, 12):
        x, y, f = surface.grid(surface.window, 201, 201, params)
        inner = f[1:-1, 1:-1]
        lower = np.ones(inner.shape, dtype=bool)
        for dj in (0, 1, 2):
            for di in (0, 1, 2):
                if (dj, di) != (1, 1):
                    lower &= inner < f[dj : dj + 199, di : di + 199]
        ends = [settled(surface, x[i + 1], y[j + 1], x[1] - x[0], params) for j, i in np.argwhere(lower)]
        known = surface.minima(params)
        assert ends
        for end in ends:
            assert min(math.dist(end, minimum) for minimum in known) < 1e-4, (end, params)


def settled(surface: Surface, x: float, y: float, reach: float, params: dict[str, float]) -> Point:
    """Where ever smaller grids end: a narrow slanting valley has lowest points of a grid that are no minima."""
    while reach > 1e-6:
        xs, ys, f = surface.grid((x - reach, x + reach, y - reach, y + reach), 11, 11, params)
        j, i = divmod(int(f.argmin()), 11)
        x, y = xs[i], ys[j]
        if 0 < j < 10 and 0 < i < 10:
            reach /= 4
    return x, y


@every_surface
def test_floats_and_arrays_agree(surface: Surface) -> None:
    for params in settings(surface, 2):
        at = [surface.start, *points(surface, 30), *surface.minima(params)]
        x, y = np.array(at).T
        f = surface.value(ARRAYS, x, y, **params)
        gx, gy = surface.slope(ARRAYS, x, y, **params)
        assert f.shape == x.shape
        for k, (px, py) in enumerate(at):
            one = surface.at(px, py, params)
            assert isinstance(surface.value(FLOATS, px, py, **params), float)
            assert f[k] == pytest.approx(one, rel=1e-12, abs=1e-12)
            assert (gx[k], gy[k]) == pytest.approx(slope(surface, px, py, params), rel=1e-12, abs=1e-12)


@every_surface
def test_grid_is_rows_of_y_and_columns_of_x(surface: Surface) -> None:
    params = surface.defaults()
    x, y, f = surface.grid(surface.window, 7, 101, params)  # more rows than one block has
    assert x.shape == (7,)
    assert y.shape == (101,)
    assert f.shape == (101, 7)
    assert (x[0], x[-1], y[0], y[-1]) == surface.window
    for j in (0, 1, 47, 48, 49, 100):
        for i in (0, 3, 6):
            assert f[j, i] == pytest.approx(surface.at(x[i], y[j], params), rel=1e-12, abs=1e-12)
    assert np.isfinite(f).all()


@every_surface
def test_slope_broadcasts(surface: Surface) -> None:
    params = surface.defaults()
    x, y = np.linspace(-1, 1, 5), np.linspace(-1, 1, 3)
    gx, gy = surface.slope(ARRAYS, x[None, :], y[:, None], **params)
    gx, gy = np.broadcast_to(gx, (3, 5)), np.broadcast_to(gy, (3, 5))
    for j in range(3):
        for i in range(5):
            expected = slope(surface, float(x[i]), float(y[j]), params)
            assert (gx[j, i], gy[j, i]) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@every_surface
def test_start_and_window(surface: Surface) -> None:
    left, right, low, high = surface.window
    x, y = surface.start
    assert left < x < right
    assert low < y < high
    for params in settings(surface):
        for corner in ((left, low), (left, high), (right, low), (right, high), surface.start):
            assert math.isfinite(surface.at(*corner, params))
            assert all(map(math.isfinite, slope(surface, *corner, params)))
    assert math.hypot(*slope(surface, x, y, surface.defaults())) > 1e-4


@every_surface
def test_plain_gradient_descent_goes_well_at_the_given_rate(surface: Surface) -> None:
    params = surface.defaults()
    left, right, low, high = surface.window
    x, y = surface.start
    heights = [surface.at(x, y, params)]
    for _ in range(200):
        gx, gy = slope(surface, x, y, params)
        x, y = x - surface.rate * gx, y - surface.rate * gy
        assert left <= x <= right
        assert low <= y <= high
        heights.append(surface.at(x, y, params))
    assert all(map(math.isfinite, heights))
    assert heights[-1] < heights[0]
    assert max(heights) <= heights[0]


@every_surface
def test_far_away_is_a_number_or_infinity(surface: Surface) -> None:
    for far in (1e10, 1e100, 1e308, -1e308):
        assert isinstance(surface.at(far, far, surface.defaults()), float)


def test_turning_the_point_with_the_bowl_changes_nothing() -> None:
    ellipse = SURFACES["ellipse"]
    for angle in (-90.0, -33.0, 0.0, 20.0, 45.0, 71.5):
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        for x, y in points(ellipse, 10):
            still = {"kappa": 30.0, "angle": 0.0}
            turned = {"kappa": 30.0, "angle": angle}
            px, py = c * x - s * y, s * x + c * y
            assert ellipse.at(px, py, turned) == pytest.approx(ellipse.at(x, y, still), rel=1e-12)
            gx, gy = slope(ellipse, x, y, still)
            expected = c * gx - s * gy, s * gx + c * gy
            assert slope(ellipse, px, py, turned) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_rosenbrock_minimum_moves_with_a() -> None:
    assert SURFACES["rosenbrock"].minima({"a": -1.25, "b": 5.0}) == ((-1.25, 1.5625),)


@pytest.mark.parametrize("x", [0.0, 1e-300, 1e-200, 1e-161, 1e-150])
def test_ackley_has_a_slope_at_its_tip(x: float) -> None:
    ackley = SURFACES["ackley"]
    assert ackley.at(x, 0.0, {}) == pytest.approx(0.0, abs=1e-14)
    gx, gy = ackley.slope(FLOATS, x, 0.0)
    assert 0 <= gx < 3
    assert gy == 0
    arrays = ackley.slope(ARRAYS, np.array([x, 0.0]), np.array([0.0, x]))
    assert np.isfinite(arrays).all()
    assert arrays[0][0] == pytest.approx(gx)
    assert arrays[1][1] == pytest.approx(gx)
    if x == 0:
        assert ackley.at(0.0, 0.0, {}) == 0
        assert (gx, gy) == (0, 0)


def test_a_well_without_depth_has_no_minimum() -> None:
    wells = SURFACES["twin_wells"]
    both = wells.minima()
    assert len(both) == 2
    assert [x < 0 for x, _ in both] == [True, False]
    (right,) = wells.minima({"left": 0.0, "right": 2.0})
    assert right[0] > 1
    (left,) = wells.minima({"left": 1.0, "right": 0.0})
    assert left[0] < -1
    assert wells.minima({"left": 0.0, "right": 0.0}) == ((0.0, 0.0),)


@pytest.mark.parametrize("left", [0.0, 1e-9, 0.01, 0.1, 0.13, 0.3, 1.0, 30.0, 1000.0])
def test_twin_wells_have_a_minimum_whatever_their_depths(left: float) -> None:
    wells = SURFACES["twin_wells"]
    for right in (0.0, 1e-9, 0.05, 0.11, 0.2, 2.0, 1000.0):
        params = {"left": left, "right": right}
        minima = wells.minima(params)
        assert 1 <= len(minima) <= 3, params
        for x, y in minima:
            assert math.hypot(*slope(wells, x, y, params)) < 1e-12 * (1 + left + right), params


def test_plateau_is_flat_at_its_start_and_without_traps() -> None:
    plateau = SURFACES["plateau"]
    params = plateau.defaults()
    assert math.hypot(*slope(plateau, *plateau.start, params)) < 0.01
    for k in range(1, 600):
        assert slope(plateau, k / 100, 0.0, params)[0] > 0


def test_shallow_well_catches_plain_descent_and_not_momentum() -> None:
    wells = SURFACES["twin_wells"]
    left, right = wells.minima()
    for momentum, end in ((0.0, left), (0.9, right)):
        (x, y), vx, vy = wells.start, 0.0, 0.0
        for _ in range(400):
            gx, gy = slope(wells, x, y, wells.defaults())
            vx, vy = momentum * vx + gx, momentum * vy + gy
            x, y = x - wells.rate * vx, y - wells.rate * vy
        assert math.dist((x, y), end) < 1e-6
