"""The stepping loop: against torch and optax, a window's refresh, growth, memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
from table import Row, at_least, at_most, benchmark, medians, milliseconds

from optiviz import Run, Scene
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.scene.run import suggest_lr
from optiviz.scene.simulation import simulate

STEPS = 1000
LR, BETAS, EPS = 0.001, (0.9, 0.999), 1e-8
START = (-1.5, 2.0)
ADAM = Scene("rosenbrock", start=START, steps=STEPS, runs=[Run("adam", lr=LR, eps_inside=False)])
ALL = Scene(
    "rosenbrock",
    start=START,
    steps=STEPS,
    runs=[Run(rule.key, lr=suggest_lr(rule, ADAM.landscape)) for rule in list(OPTIMIZERS.values())[:10]],
)
MISSING = "{} is not installed (pip install optiviz[bench])"
Path = list[list[float]]


def ours() -> object:
    return simulate(ADAM)


@benchmark("engine")
def engine() -> Iterator[Row]:
    yield Row(f"Adam, {STEPS} steps, everything recorded", f"{medians(ours)[0]:.3g} ms")
    yield from against_torch()
    yield from against_optax()
    yield from refresh()
    yield from growth()
    yield from long_run()


# Against others: the same path, its points and losses recorded, jobs taking turns in this process


def against_torch() -> Iterator[Row]:
    """Against the fastest of torch's implementations of Adam, written as one usually does."""
    autograd, by_hand = "torch.optim.Adam with autograd", "torch.optim.Adam with a hand-written gradient"
    try:
        import torch
    except ImportError:
        yield Row(f"{autograd}, against ours", MISSING.format("torch"))
        yield Row(f"{by_hand}, against ours", MISSING.format("torch"))
        return
    torch.set_num_threads(1)
    flavours = {"default": {}, "foreach=False": {"foreach": False}, "fused=True": {"fused": True}}

    def with_autograd(**flavour: bool) -> Path:
        point = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        adam = torch.optim.Adam([point], lr=LR, betas=BETAS, eps=EPS, **flavour)
        path, losses = [point.tolist()], []
        for _ in range(STEPS):
            x, y = point
            p, q = 1 - x, y - x * x
            loss = p * p + 100 * (q * q)
            adam.zero_grad()
            loss.backward()
            adam.step()
            path.append(point.tolist())
            losses.append(loss.item())
        return path

    def with_gradient_by_hand(**flavour: bool) -> Path:
        point = torch.tensor(START, dtype=torch.float64)
        point.grad = torch.zeros_like(point)
        gradient = point.grad.numpy()  # the same memory: the fastest way to fill it
        adam = torch.optim.Adam([point], lr=LR, betas=BETAS, eps=EPS, **flavour)
        path, losses = [list(START)], []
        for _ in range(STEPS):
            x, y = path[-1]
            p, q = 1 - x, y - x * x
            losses.append(p * p + 100 * (q * q))
            gradient[0] = -2 * p - 400 * x * q
            gradient[1] = 200 * q
            adam.step()
            path.append(point.tolist())
        return path

    for name, job, limit in ((autograd, with_autograd, 45), (by_hand, with_gradient_by_hand, 12)):
        jobs = [lambda job=job, flavour=flavour: job(**flavour) for flavour in flavours.values()]
        for other in jobs:
            check_same_path(other())
        own, *times = medians(ours, *jobs)
        best = min(times)
        fastest = list(flavours)[times.index(best)]
        yield Row(f"{name}, at its fastest", f"{best:.3g} ms ({fastest})")
        yield at_least(f"{name}, against ours", best / own, limit)


def against_optax() -> Iterator[Row]:
    """Against a loop that XLA has compiled to machine code, which no Python loop can reach."""
    what = "optax.adam in jax.lax.scan"
    try:
        import jax
        import optax
    except ImportError as error:
        yield Row(what, MISSING.format(error.name))
        return
    jax.config.update("jax_enable_x64", True)
    adam = optax.adam(LR, *BETAS, EPS)

    def loss(point: jax.Array) -> jax.Array:
        x, y = point
        p, q = 1 - x, y - x * x
        return p * p + 100 * (q * q)

    def step(carry: tuple, _: None) -> tuple:
        point, state = carry
        value, slope = jax.value_and_grad(loss)(point)
        updates, after = adam.update(slope, state)
        moments = state[0]
        return (optax.apply_updates(point, updates), after), (point, value, slope, moments.mu, moments.nu)

    def run(start: jax.Array) -> tuple:
        return jax.lax.scan(step, (start, adam.init(start)), None, length=STEPS + 1)[1]

    start = jax.numpy.array(START)
    compiled: list[Callable[[jax.Array], tuple]] = []
    compiling = milliseconds(lambda: compiled.append(jax.jit(run).lower(start).compile()))
    check_same_path(compiled[0](start)[0])
    own, theirs = medians(ours, lambda: np.asarray(compiled[0](start)[0]))
    yield Row(f"{what}, compiled", f"{theirs:.3g} ms")
    yield Row(f"{what}, to compile it, before its first step", f"{compiling:.3g} ms")
    faster = f"{own / theirs:.3g} x as fast as ours" if theirs < own else f"ours is {theirs / own:.3g} x as fast"
    yield Row(f"{what}, compiled, against ours", faster)


def check_same_path(path: object) -> None:
    (own,) = simulate(ADAM)
    np.testing.assert_allclose(path, np.column_stack([own.x, own.y]), rtol=1e-7, err_msg="not the same path as ours")


# Refreshes


def refresh() -> Iterator[Row]:
    yield at_most(f"{len(ALL.runs)} rules, {STEPS} steps, all computed", medians(lambda: simulate(ALL))[0], 20)
    keys, paths = [ALL.numbers_of(run) for run in ALL.runs], simulate(ALL)
    assert all(len(path) == STEPS + 1 for path in paths), "a run that diverges has less to do"
    known = dict(zip(keys, paths, strict=True))
    one_of_them = [
        medians(lambda key=key: simulate(ALL, {k: v for k, v in known.items() if k != key}))[0] for key in keys
    ]
    slowest = max(one_of_them)
    name = ALL.runs[one_of_them.index(slowest)].label
    yield at_most(f"the same with {len(keys) - 1} of them known, the slowest ({name})", slowest, 3)


# Growth


def exponent(sizes: list[int], job: Callable[[int], object], rounds: int = 15) -> float:
    """The slope of log time over log size; 1 is linear."""
    times = medians(*(lambda size=size: job(size) for size in sizes), rounds=rounds)
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def growth() -> Iterator[Row]:
    def with_steps(steps: int) -> object:
        return simulate(ADAM.replace(steps=steps))

    scenes = {runs: Scene("rosenbrock", steps=200, runs=[Run("adam", lr=LR)] * runs) for runs in (1, 3, 10, 30, 100)}
    steps = [100, 300, 1000, 3000, 10_000, 30_000, 100_000]
    yield at_most("time over steps, 1e2 to 1e5, its exponent", exponent(steps, with_steps, rounds=7), 1.05, "")
    yield at_most(
        "time over runs, 1 to 100, its exponent", exponent(list(scenes), lambda n: simulate(scenes[n])), 1.05, ""
    )


# Long runs


def long_run() -> Iterator[Row]:
    steps = 100_000
    scene = ADAM.replace(steps=steps)
    told: list[float] = []
    simulate(scene, report=lambda share: told.append(perf_counter()))
    yield Row(f"Adam, {steps:,} steps: longest time between two reports", f"{max(np.diff(told)) * 1e3:.3g} ms")
    tracemalloc.start()
    (path,) = simulate(scene)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    yield Row("the same: memory a row, kept", f"{kept / len(path):.4g} bytes")
    yield Row("the same: memory a row, while it is computed", f"{peak / len(path):.4g} bytes")
