"""Every learning-rate schedule: the lecture's own pictures as numbers, arrays, ends and extremes."""

from __future__ import annotations

import inspect
import math
import random
from typing import Any

import numpy as np
import pytest

from optiviz.engine.params import Knots, Real, Whole
from optiviz.engine.schedules import SCHEDULES, Schedule

KEYS = [
    "constant",
    "inverse_time",
    "inverse_sqrt",
    "exponential",
    "geometric",
    "staircase",
    "manual",
    "linear",
    "cosine",
    "one_cycle",
]
GRID = (0.01, 0.1, 0.5, 0.9, 0.95, 0.99)  # the lecture's, for students to compare

every_schedule = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES.keys())


def alphas(
    key: str, last: int, lr: float = 1.0, length: int | None = None, per_epoch: int = 1, **params: Any
) -> np.ndarray:
    """α of the updates 0 to `last`."""
    schedule = SCHEDULES[key]
    given = {param.name: param.check(params.get(param.name, param.default)) for param in schedule.params}
    return schedule.rates(np.arange(last + 1), lr, given, length=length or max(last, 1), steps_per_epoch=per_epoch)


def agree(rates: np.ndarray, *expected: float) -> None:
    np.testing.assert_allclose(rates, expected, rtol=1e-14, atol=0)


def test_the_catalog_is_complete() -> None:
    assert list(SCHEDULES) == KEYS
    assert len({schedule.name for schedule in SCHEDULES.values()}) == len(KEYS)


@every_schedule
def test_says_what_it_is(schedule: Schedule) -> None:
    assert schedule.name.strip()
    assert schedule.formula.strip()
    assert schedule.source.strip()
    assert not schedule.note or schedule.note.endswith(".")
    assert set(inspect.signature(schedule.rate).parameters) == {"t", "lr", *(param.name for param in schedule.params)}
    for param in schedule.params:
        assert param.symbol
        assert param.help.endswith(".")
        assert param.check(param.default) == param.default


@pytest.mark.parametrize("key", ["inverse_time", "inverse_sqrt", "exponential", "geometric", "staircase"])
def test_k_may_be_anything_from_0(key: str) -> None:
    (k,) = [param for param in SCHEDULES[key].params if param.name == "k"]
    assert isinstance(k, Real)
    assert (k.low, k.low_open, k.high) == (0.0, False, math.inf)


# The lecture's own pictures: α₀ = 1


def test_constant() -> None:
    agree(alphas("constant", 3), 1, 1, 1, 1)


def test_inverse_time() -> None:
    agree(alphas("inverse_time", 3, k=0.5), 1, 2 / 3, 1 / 2, 2 / 5)  # 1/(1 + t/2)
    ends = [alphas("inverse_time", 100, k=k)[100] for k in GRID]
    agree(np.array(ends), 1 / 2, 1 / 11, 1 / 51, 1 / 91, 1 / 96, 1 / 100)


def test_inverse_sqrt() -> None:
    rates = alphas("inverse_sqrt", 8, k=0.95)
    agree(rates[[0, 3, 8]], 0.95, 0.95 / 2, 0.95 / 3)  # epochs count from 1: √1, √4, √9
    agree(rates[[1]], 0.6717514421272201)  # 0.95/√2


def test_exponential() -> None:
    agree(alphas("exponential", 3, k=0.5), 1, 0.6065306597126334, 0.36787944117144233, 0.22313016014842982)
    assert alphas("exponential", 2, k=0.5)[2] == math.exp(-1)


def test_geometric() -> None:
    agree(alphas("geometric", 3, k=0.95), 1, 0.95, 0.9025, 0.857375)


def test_staircase() -> None:
    rates = alphas("staircase", 30, k=0.9, period=10)
    agree(rates[[0, 9, 10, 19, 20, 29, 30]], 1, 1, 0.9, 0.9, 0.81, 0.81, 0.729)


def test_manual() -> None:
    rates = alphas("manual", 14, knots=((7, 0.5), (13, 0.25)))
    agree(rates, *[1] * 7, *[0.5] * 6, *[0.25] * 2)
    agree(alphas("manual", 3), 1, 1, 1, 1)
    agree(alphas("manual", 3, knots=((0, 0.5), (1000, 3.0))), 0.5, 0.5, 0.5, 0.5)
    agree(alphas("manual", 2, knots=((1, 4.0),)), 1, 4, 4)  # by hand it may also go up


def test_manual_counts_updates_not_epochs() -> None:
    agree(alphas("manual", 5, per_epoch=3, knots=((4, 0.5),)), 1, 1, 1, 1, 0.5, 0.5)


# Over the run's length


def test_linear() -> None:
    agree(alphas("linear", 4, lr=2.0, end=0.5), 2, 1.75, 1.5, 1.25, 1)
    assert alphas("linear", 4, end=0)[4] == 0


def test_cosine() -> None:
    rates = alphas("cosine", 4, lr=2.0, end=0.5)
    agree(rates, 2, 1 + (1 + math.sqrt(0.5)) / 2, 1.5, 1 + (1 - math.sqrt(0.5)) / 2, 1)
    assert alphas("cosine", 4, end=0)[4] == 0


def test_one_cycle_is_its_definition() -> None:
    length, lr, warmup, div, final_div = 100, 0.5, 0.3, 25.0, 1e4
    rates = alphas("one_cycle", length, lr=lr, warmup=warmup, div=div, final_div=final_div)
    first, last = lr / 25, lr / 25 / 1e4
    for t, rate in enumerate(rates):
        if t <= 30:
            expected = first + (lr - first) * (1 - math.cos(math.pi * t / 30)) / 2
        else:
            expected = last + (lr - last) * (1 + math.cos(math.pi * (t - 30) / 70)) / 2
        assert rate == pytest.approx(expected, rel=1e-10)
    assert rates[0] == pytest.approx(0.02, rel=1e-14)
    assert rates[30] == pytest.approx(0.5, rel=1e-14)
    assert np.argmax(rates) == 30
    assert rates[100] == pytest.approx(2e-6, rel=1e-10)
    assert (np.diff(rates[:31]) > 0).all()
    assert (np.diff(rates[30:]) < 0).all()


@pytest.mark.parametrize("key", ["linear", "cosine", "one_cycle"])
def test_the_run_ends_where_the_schedule_ends(key: str) -> None:
    for length, per_epoch in [(1, 1), (7, 1), (7, 3), (3, 7), (60, 6)]:
        rates = alphas(key, length + 50, length=length, per_epoch=per_epoch)
        epochs = -(-length // per_epoch)
        np.testing.assert_array_equal(rates[epochs * per_epoch :], rates[-1])
        if epochs * per_epoch > 1:
            assert rates[-1] < rates[epochs * per_epoch - 1] or epochs == 1


# All of them


@pytest.mark.parametrize("schedule", [s for s in SCHEDULES.values() if s.time != "step"], ids=lambda s: s.key)
@pytest.mark.parametrize("per_epoch", [1, 2, 7])
def test_an_epoch_is_so_many_updates(schedule: Schedule, per_epoch: int) -> None:
    by_epoch = alphas(schedule.key, 20, length=20)
    by_step = alphas(schedule.key, 20 * per_epoch, length=20 * per_epoch, per_epoch=per_epoch)
    np.testing.assert_array_equal(by_step, by_epoch[np.arange(20 * per_epoch + 1) // per_epoch])


def drawn(schedule: Schedule, rng: random.Random) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for param in schedule.params:
        if isinstance(param, Real):
            params[param.name] = rng.uniform(*param.slider)
        elif isinstance(param, Whole):
            params[param.name] = rng.randint(*param.slider)
        else:
            assert isinstance(param, Knots)
            steps = sorted(rng.sample(range(50), 4))
            params[param.name] = param.check([(step, rng.uniform(0.01, 1)) for step in steps])
    return params


@every_schedule
def test_arrays_equal_numbers_bit_for_bit(schedule: Schedule) -> None:
    rng = random.Random(schedule.key)
    times = np.arange(61) / 60 if schedule.time == "progress" else np.arange(61)
    for _ in range(20):
        params, lr = drawn(schedule, rng), 10 ** rng.uniform(-4, 1)
        row = np.broadcast_to(schedule.rate(times, lr, **params), times.shape)
        numbers = [float(schedule.rate(time, lr, **params)) for time in times.tolist()]
        np.testing.assert_array_equal(row, numbers)


@pytest.mark.parametrize("key", sorted(set(KEYS) - {"inverse_sqrt", "one_cycle"}))
def test_starts_at_the_base_rate(key: str) -> None:
    assert alphas(key, 5, lr=0.3)[0] == 0.3


@every_schedule
def test_is_never_negative(schedule: Schedule) -> None:
    rng = random.Random(schedule.key)
    for _ in range(20):
        assert (alphas(schedule.key, 300, length=200, **drawn(schedule, rng)) >= 0).all()


@every_schedule
@pytest.mark.parametrize("extreme", ["least", "greatest"])
def test_extremes_do_not_warn(schedule: Schedule, extreme: str) -> None:
    params: dict[str, Any] = {}
    for param in schedule.params:
        if isinstance(param, Real):
            least = math.nextafter(param.low, 1) if param.low_open else param.low
            most = min(param.high, 1.7976931348623157e308)
            greatest = math.nextafter(most, 0) if param.high_open else most
            params[param.name] = param.check(least if extreme == "least" else greatest)
        elif isinstance(param, Whole):
            params[param.name] = param.low if extreme == "least" else param.high
    for lr in (5e-324, 1.0, 1.7976931348623157e308):
        rates = alphas(schedule.key, 2000, lr=lr, **params)
        assert rates.shape == (2001,)
        assert not np.isnan(rates).any()


def test_k_of_0() -> None:
    agree(alphas("inverse_time", 2, k=0), 1, 1, 1)
    agree(alphas("exponential", 2, k=0), 1, 1, 1)
    agree(alphas("inverse_sqrt", 2, k=0), 0, 0, 0)
    agree(alphas("geometric", 2, k=0), 1, 0, 0)
    agree(alphas("staircase", 2, k=0, period=1), 1, 0, 0)
