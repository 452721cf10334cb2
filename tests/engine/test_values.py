"""The values of parameters: a mapping that cannot change, can be a key, and goes to other processes."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from optiviz.engine.params import check_params
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.values import Values

ADAM = Values({"beta1": 0.9, "eps": 1e-8, "eps_inside": True})


def test_a_mapping_in_order() -> None:
    assert isinstance(ADAM, Mapping)
    assert ADAM["eps"] == 1e-8
    assert list(ADAM) == ["beta1", "eps", "eps_inside"]
    assert len(ADAM) == 3
    assert "eps" in ADAM
    assert ADAM.get("rho") is None
    assert list(Values({"b": 1, "a": 2}).items()) == [("b", 1), ("a", 2)]
    with pytest.raises(KeyError, match="rho"):
        ADAM["rho"]


def test_made_as_a_dict_is() -> None:
    assert Values() == {}
    assert Values(beta1=0.9) == Values({"beta1": 0.9}) == Values([("beta1", 0.9)]) == Values(Values(beta1=0.9))


def test_turned_into_a_dict() -> None:
    def called(**given: Any) -> dict[str, Any]:
        return given

    plain = {"beta1": 0.9, "eps": 1e-8, "eps_inside": True}
    for made in (dict(ADAM), {**ADAM}, called(**ADAM)):
        assert type(made) is dict
        assert list(made.items()) == list(plain.items())


def test_merged_into_a_dict() -> None:
    for merged in (ADAM | {"eps": 1.0}, ADAM | Values(eps=1.0), dict(ADAM) | Values(eps=1.0)):
        assert type(merged) is dict
        assert merged == {"beta1": 0.9, "eps": 1.0, "eps_inside": True}
    kept = {"beta1": 0.5}
    kept |= ADAM
    assert kept == dict(ADAM)
    assert ADAM["eps"] == 1e-8


def test_cannot_change() -> None:
    source = {"beta1": 0.9}
    values = Values(source)
    source["beta1"] = 0.5
    assert values["beta1"] == 0.9
    with pytest.raises(TypeError):
        values["beta1"] = 0.5  # type: ignore[index]
    with pytest.raises(TypeError):
        del values["beta1"]  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        values.beta1 = 0.5  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [dict, MappingProxyType, Values])
def test_equal_by_content(kind: Any) -> None:
    same = kind({"eps_inside": True, "eps": 1e-8, "beta1": 0.9})  # in whatever order
    assert same == ADAM
    assert same == ADAM
    assert kind({"eps_inside": True, "eps": 1e-8, "beta1": 0.8}) != ADAM
    assert kind({"eps_inside": True, "eps": 1e-8}) != ADAM
    assert kind({**same, "more": 1}) != ADAM
    assert ADAM != 5


def test_a_key_by_content() -> None:
    assert hash(ADAM) == hash(Values({"eps": 1e-8, "eps_inside": True, "beta1": 0.9}))
    assert len({ADAM, Values(dict(ADAM)), Values(), Values({})}) == 2
    assert len({hash(Values(k=number / 7)) for number in range(1000)}) > 990
    knots = Values(check_params(SCHEDULES["manual"].params, {"knots": [[3, 0.5], [7, 0.1]]}, "Manual"))
    assert {knots: 1}[Values(knots=((3, 0.5), (7, 0.1)))] == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(Values(knots=[1, 2]))


def test_shown_shortly() -> None:
    assert repr(ADAM) == "Values(beta1=0.9, eps=1e-08, eps_inside=True)"
    assert repr(Values()) == "Values()"
    assert len(repr(Values(knots=tuple((step, 0.1) for step in range(10_000))))) < 200


def test_goes_to_a_process_and_back() -> None:
    for twin in (pickle.loads(pickle.dumps(ADAM)), copy.copy(ADAM), copy.deepcopy(ADAM)):  # noqa: S301
        assert type(twin) is Values
        assert list(twin.items()) == list(ADAM.items())
        assert hash(twin) == hash(ADAM)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(repr, (ADAM,)) == repr(ADAM)
        assert {ADAM: "found"}[pool.apply(copy.copy, (ADAM,))] == "found"  # where strings have other hashes
