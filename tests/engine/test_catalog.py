"""Catalogs: what they hold, what they refuse, and how their definitions travel."""

from __future__ import annotations

import copy
import dataclasses
import json
import multiprocessing
import pickle
from typing import Any

import numpy as np
import pytest

from optiviz.engine.catalog import Catalog, near_miss
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.params import Choice
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES

CATALOGS: list[Catalog[Any]] = [OPTIMIZERS, SCHEDULES, SURFACES]


class Rude:
    """An object that cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


class Thing:
    def __init__(self, key: str) -> None:
        self.key = key


def test_catalog() -> None:
    catalog: Catalog[Thing] = Catalog("thing")
    thing = Thing("adam")
    catalog.add(thing)
    catalog.add(Thing("lion"))
    assert list(catalog) == ["adam", "lion"]
    assert len(catalog) == 2
    assert catalog.find("adam") is catalog["adam"] is thing
    with pytest.raises(ValueError, match="declared twice"):
        catalog.add(Thing("adam"))
    with pytest.raises(ValueError, match=r"^thing 'admm' is not known; did you mean 'adam'\?$"):
        catalog.find("admm")
    with pytest.raises(ValueError, match=r"^thing 'ADAM' is not known; did you mean 'adam'\?$"):
        catalog.find("ADAM")
    with pytest.raises(ValueError, match=r"^thing 'zzz' is not known; known are adam, lion$"):
        catalog.find("zzz")


@pytest.mark.parametrize(
    "key",
    [None, 5, True, Rude(), b"adam", ["adam"], {}, 10**5000, np.eye(2), "a\nb\x1b[31m", "x" * 10**5, "\ud800"],
    ids=lambda key: type(key).__name__,
)
def test_catalogs_refuse_nonsense_in_one_line(key: Any) -> None:
    with pytest.raises(ValueError, match=r"^optimizer .* is not known; ") as refused:
        OPTIMIZERS.find(key)
    message = str(refused.value)
    assert message.isprintable()
    assert len(message) < 400


def test_what_is_taken_out_of_a_catalog_is_unknown_and_may_come_again() -> None:
    catalog: Catalog[Thing] = Catalog("thing")
    catalog.add(Thing("adam"))
    catalog.remove("adam")
    assert list(catalog) == []
    with pytest.raises(ValueError, match="'adam' is not known"):
        catalog.remove("adam")
    catalog.add(Thing("adam"))
    assert list(catalog) == ["adam"]


def test_a_catalog_is_equal_to_itself_alone() -> None:
    one, other = Catalog[Thing]("thing"), Catalog[Thing]("thing")
    assert one == one
    assert one != other
    assert one != {}
    known = {one: 1, other: 2}
    one.add(Thing("adam"))
    assert (known[one], known[other]) == (1, 2)


def test_the_options_of_a_choice_may_be_a_catalog_that_grows() -> None:
    catalog: Catalog[Thing] = Catalog("thing")
    catalog.add(Thing("red"))
    choice = Choice(name="choice", symbol="c", default="red", options=catalog, help="A word.")
    assert hash(choice) == hash(choice.having())
    assert choice == choice.having()
    with pytest.raises(ValueError, match=r"^choice must be one of red, not 'green'$"):
        choice.check("green")
    catalog.add(Thing("green"))
    assert choice.check("green") == choice.parse(" green ") == "green"
    assert choice.allowed == "one of red, green"
    assert json.loads(json.dumps(choice.describe()))["options"] == ["red", "green"]


def test_near_miss() -> None:
    assert near_miss("rosenbrok", SURFACES) == "did you mean 'rosenbrock'?"
    assert near_miss("rmsprob", OPTIMIZERS) == "did you mean 'rmsprop'?"
    assert near_miss("zzz", OPTIMIZERS) == ""
    assert near_miss(7, OPTIMIZERS) == ""


# Definitions in other processes


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda catalog: catalog.noun)
def test_definitions_are_pickled_as_their_keys(catalog: Catalog[Any]) -> None:
    for definition in catalog.values():
        assert pickle.loads(pickle.dumps(definition)) is definition  # noqa: S301
        assert copy.copy(definition) is copy.deepcopy(definition) is definition
        assert len(pickle.dumps(definition)) < 200


def test_definitions_go_to_a_process_and_back() -> None:
    definitions = [OPTIMIZERS["nadam"], SCHEDULES["one_cycle"], SURFACES["twin_wells"]]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        back = pool.apply(copy.copy, (definitions,))
    assert all(one is other for one, other in zip(definitions, back, strict=True))


def test_a_definition_that_is_not_the_catalogs_is_not_pickled() -> None:
    other = dataclasses.replace(OPTIMIZERS["gd"], note="Another.")
    with pytest.raises(pickle.PicklingError, match="optimizer 'gd' is not the one in the catalog"):
        pickle.dumps(other)


def test_a_definition_that_is_gone_is_missed_by_name() -> None:
    new = dataclasses.replace(SCHEDULES["cosine"], key="cosinus")
    SCHEDULES.add(new)
    try:
        packed = pickle.dumps(new)
        assert pickle.loads(packed) is new  # noqa: S301
    finally:
        SCHEDULES.remove("cosinus")
    with pytest.raises(ValueError, match=r"^schedule 'cosinus' is not known; did you mean 'cosine'\?$"):
        pickle.loads(packed)  # noqa: S301
