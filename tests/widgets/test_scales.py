"""Sliders: values to places and back."""

from __future__ import annotations

import pytest

from optiviz.engine.optimizers import LR, OPTIMIZERS
from optiviz.engine.params import Real, Whole
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES
from optiviz.widgets.fields import TICKS
from optiviz.widgets.scales import from_share, to_share

PARAMS = {
    f"{definition.key}-{param.name}": param
    for catalog in (OPTIMIZERS, SCHEDULES, SURFACES)
    for definition in catalog.values()
    for param in definition.params
    if isinstance(param, (Real, Whole))
} | {"lr": LR}


@pytest.mark.parametrize("param", PARAMS.values(), ids=PARAMS)
def test_a_slider(param):
    """Its ends are the slider's ends, values grow along it, all are allowed, and lie where they came from.

    Values beyond it lie at its ends.
    """
    low, high = param.slider
    assert (from_share(param, 0.0), from_share(param, 1.0)) == (low, high)
    assert (to_share(param, low), to_share(param, high)) == pytest.approx((0, 1))
    values = [from_share(param, place / TICKS) for place in range(TICKS + 1)]
    assert values == sorted(values)
    assert len(set(values)) >= min(100, high - low if isinstance(param, Whole) else TICKS)
    step = 1 / (high - low) if isinstance(param, Whole) else 0.01
    for place, value in enumerate(values):
        assert param.check(value) == value
        assert low <= value <= high
        assert to_share(param, value) == pytest.approx(place / TICKS, abs=max(step / 2, 0.011))
        assert len(param.format(value)) <= 12
    assert 0 <= to_share(param, param.default) <= 1
    for beyond in (-1e300, -1, 0, 1e-320, 1e300, 2**62):
        if not low < beyond < high:
            assert to_share(param, beyond) == pytest.approx(0 if beyond <= low else 1, abs=1e-9), beyond


@pytest.mark.parametrize(
    ("scale", "slider", "share", "value"),
    [
        ("linear", (-5.0, 5.0), 0.333, -1.7),
        ("linear", (0.0, 0.3), 0.333, 0.1),
        ("linear", (0.0, 0.3), 0.41, 0.123),
        ("linear", (0.0, 1000.0), 0.3337, 334.0),
        ("log", (0.001, 10.0), 0.3337, 0.0216),
        ("1-x", (0.5, 0.999), 0.3337, 0.9371),
    ],
)
def test_a_slider_gives_three_digits(scale, slider, share, value):
    param = Real(
        name="p", symbol="p", default=slider[0], low=slider[0], high=slider[1], scale=scale, slider=slider, help=""
    )
    assert from_share(param, share) == value
