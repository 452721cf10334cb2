"""What a curve's axis reaches: all of the sound runs, and of the wild ones no more than leaves the others readable."""

from __future__ import annotations

import numpy as np
import pytest

from optiviz.views.curves.reach import reach


def array(*values):
    return np.array(values, dtype=float)


@pytest.mark.parametrize("wild", [array(100.0, 1e9), array(0.5, 1e9), array(100.0, np.inf, np.nan)])
def test_sound_runs_say_what_is_shown_and_wild_ones_add_a_little(wild):
    low, high = reach([array(0.0, 1.0)], [wild], log=False)
    assert -0.2 <= low <= 0
    assert 1 <= high <= 4


def test_wild_runs_alone_begin_where_they_begin():
    low, high = reach([], [array(100.0, 1e9)], log=False)
    assert 80 <= low <= 100
    assert 300 <= high <= 330


def test_on_a_logarithmic_axis_wild_runs_add_some_decades():
    low, high = reach([array(-3.0, 1.0)], [array(2.0, 300.0)], log=True)
    assert -3.5 <= low <= -3
    assert 2 < high < 20


def test_without_anything_finite_there_is_a_range_all_the_same():
    low, high = reach([array(np.nan)], [array(np.inf)], log=False)
    assert low < high
