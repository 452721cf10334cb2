"""The one-line text of runs, surfaces and views: what is written reads back, and says no more than it must."""

import random
import shlex

import pytest

from optiviz import Run, Scene
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.params import Choice, Flag, Knots, Param, Real, Whole, check_params
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES
from optiviz.scene.first import first_scene
from optiviz.scene.text import (
    numbers_text,
    parse_run,
    parse_start,
    parse_surface,
    parse_view,
    parse_window,
    run_text,
    split_words,
    surface_text,
    view_text,
)
from optiviz.scene.view import PLACE, VIEW, Place, View

SPHERE = SURFACES["sphere"]
LABELS = [
    "my run",
    "it's",
    '"quoted" \\ and more',
    "α₀ = 1 # no comment",
    " space ",
    "a=b",
    "-",
    "$HOME `x` *",
    "Ä 日本",
]


def value_of(param: Param, rng: random.Random):
    """Any value that the parameter takes."""
    if isinstance(param, Flag):
        return rng.choice([True, False])
    if isinstance(param, Choice):
        return rng.choice([*param.options])
    if isinstance(param, Knots):
        steps = sorted(rng.sample(range(1000), rng.randrange(4)))
        return tuple((step, rng.uniform(1e-6, 3)) for step in steps)
    if isinstance(param, Whole):
        return rng.randint(param.low, min(param.high, param.low + 1000))
    assert isinstance(param, Real)
    low, high = max(param.low, -1e6), min(param.high, 1e6)
    return low + (high - low) * rng.uniform(0.01, 0.99) * 10 ** -rng.uniform(0, 8)


def reread(run: Run) -> Run:
    return parse_run(run_text(run), SPHERE)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_a_run_of_defaults_is_its_key_and_its_rate(key):
    run = Run(key, lr=0.05)
    assert run_text(run) == f"{key} lr=0.05"
    assert reread(run) == run


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_run_reads_back(key):
    rng = random.Random(key)
    for schedule in [*SCHEDULES] * 20:
        params = (*OPTIMIZERS[key].params, *SCHEDULES[schedule].params)
        given = {param.name: value_of(param, rng) for param in params if rng.random() < 0.6}
        run = Run(
            key,
            lr=10 ** rng.uniform(-9, 2),
            schedule=schedule,
            label=rng.choice([None, *LABELS]),
            color=rng.choice([None, "#0072b2"]),
            visible=rng.random() < 0.5,
            **given,
        )
        assert reread(run) == run


def test_what_has_its_default_is_left_out():
    run = Run("adam", lr=1e-8, schedule="exponential", k=0.02, beta1=0.9, beta2=0.99, eps_inside=False)
    assert run_text(run) == "adam lr=1e-8 beta2=0.99 eps_inside=false schedule=exponential k=0.02"
    assert run_text(Run("gd", lr=2, schedule="manual")) == "gd lr=2 schedule=manual"
    knots = ((7, 0.5), (13, 0.25))
    assert run_text(Run("gd", lr=1, schedule="manual", knots=knots)) == "gd lr=1 schedule=manual knots=7:0.5,13:0.25"


def test_a_dressed_run_has_its_label_and_colour():
    runs = first_scene().replace(steps=3).runs
    assert [reread(run) for run in runs] == list(runs)
    assert run_text(runs[0]) == "momentum lr=0.004 schedule=inverse_time k=0.02 label=Momentum color=#e69f00"


@pytest.mark.parametrize("label", LABELS)
def test_labels_are_quoted(label):
    run = Run("gd", lr=1, label=label, visible=False)
    assert reread(run) == run
    assert "\n" not in run_text(run)
    assert shlex.split(run_text(run))[2] == f"label={label}"


def test_a_long_knot_list_reads_back():
    knots = tuple((step, 1 / (step + 1)) for step in range(10_000))
    run = Run("gd", lr=1, schedule="manual", knots=knots)
    assert reread(run) == run


@pytest.mark.parametrize("text", ["", "  a  b=1\tc=d\r e", "a\u00a0b c", "#x a=#y", "a;b|c>d $e `f` *"])
def test_texts_without_quotes_split_as_with_them(text):
    assert split_words(text) == shlex.split(text)
    assert split_words(text + " ''") == [*shlex.split(text), ""]


@pytest.mark.parametrize("key", SURFACES)
def test_every_surface_reads_back(key):
    surface, rng = SURFACES[key], random.Random(key)
    assert surface_text(key, surface.defaults()) == key
    for _ in range(20):
        params = {param.name: value_of(param, rng) for param in surface.params}
        read_key, given = parse_surface(surface_text(key, params))
        assert read_key == key
        assert check_params(surface.params, given, surface.name) == params


def test_a_surface_says_what_is_special():
    scene = Scene("ellipse", steps=1, runs=[], surface_params={"kappa": 20, "angle": 0})
    assert surface_text(scene.surface, scene.surface_params) == "ellipse kappa=20"


def test_every_view_reads_back():
    rng = random.Random(0)
    assert view_text(View(), Place()) == ""
    assert parse_view("") == (View(), Place())

    def some(params):
        return {param.name: value_of(param, rng) for param in params if rng.random() < 0.5}

    for _ in range(100):
        view = View(**some(VIEW.values()))
        place = Place(**some(PLACE), window=rng.choice([None, (-2, 2.5, -1e-9, 3)]))
        assert parse_view(view_text(view, place)) == (view, place)
    text = view_text(View(show_gradient=True), Place(speed="10/s", window=(-2, 2, -1.5, 3)))
    assert text == "speed=10/s show_gradient=true window=-2,2,-1.5,3"


@pytest.mark.parametrize("point", [(0.0, 0.0), (-1.5, 2.0), (1e-300, -1e300), (0.1, 1 / 3)])
def test_points_read_back(point):
    assert parse_start(numbers_text(point)) == point


@pytest.mark.parametrize(
    ("parse", "text", "reason"),
    [
        (lambda t: parse_run(t, SPHERE), "adm lr=1", "optimizer 'adm' is not known; did you mean 'adam'?"),
        (lambda t: parse_run(t, SPHERE), "", "it must begin with a key, as in KEY name=value"),
        (lambda t: parse_run(t, SPHERE), "gd", "the learning rate is missing: write lr=..., as in 'gd lr=0.1'"),
        (lambda t: parse_run(t, SPHERE), "gd lr=1 lr=2", "lr is given twice"),
        (lambda t: parse_run(t, SPHERE), "gd lr=1 label='x", "a quotation mark is not closed"),
        (lambda t: parse_run(t, SPHERE), "gd lr=1 \\", "nothing follows the last backslash"),
        (
            lambda t: parse_run(t, SPHERE),
            "gd lr=1 k=2",
            (
                "Gradient descent with schedule=constant has no parameter 'k'; "
                "schedule=inverse_time or inverse_sqrt or exponential or geometric or staircase has it"
            ),
        ),
        (parse_surface, "elipse", "surface 'elipse' is not known; did you mean 'ellipse'?"),
        (parse_surface, "sphere kappa=2", "Sphere has no parameter 'kappa'; it has none"),
        (parse_start, "1", "start must be two numbers X,Y such as -1.5,2.0, not '1'"),
        (parse_start, "1,2,3", "start must be two numbers X,Y such as -1.5,2.0, not '1,2,3'"),
        (parse_window, "1,2,3", "window must be four numbers X0,X1,Y0,Y1 such as -2,2,-1,3, not '1,2,3'"),
        (parse_window, "1,2,3,x", "window must be a finite number, not 'x'"),
        (
            parse_window,
            "2,1,3,4",
            "window must be four finite numbers: x least, x greatest, y least, y greatest, not [2.0, 1.0, 3.0, 4.0]",
        ),
        (parse_view, "speed", "'speed' must be written name=value"),
        (parse_view, "sped=1/s", "a view has no parameter 'sped'; did you mean 'speed'?"),
        (parse_view, "loop=yes", "loop must be true or false, not 'yes'"),
    ],
)
def test_what_is_wrong_is_said(parse, text, reason):
    with pytest.raises(ValueError, match=r".") as caught:
        parse(text)
    assert str(caught.value) == reason
