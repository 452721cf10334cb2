"""The cursor's arithmetic."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from optiviz.scene.view import SPEEDS
from optiviz.session.player import LONGEST_FRAME, Player

FRAME = 1 / 64  # a share of a second that floats hold exactly


def playing(last: int = 100, speed: str = "30/s", loop: bool = False) -> Player:
    player = Player(last)
    player.speed, player.loop = speed, loop
    player.play()
    return player


def shown(player: Player, frames: int, seconds: float = FRAME) -> list[int]:
    """The cursor after each frame."""
    places = []
    for _ in range(frames):
        player.advance(seconds)
        places.append(player.cursor)
    return places


def test_stands_at_the_start_until_it_plays() -> None:
    player = Player(10)
    assert (player.cursor, player.playing) == (0, False)
    assert not player.advance(1.0)
    assert player.cursor == 0


@pytest.mark.parametrize("speed", [speed for speed in SPEEDS if speed.endswith("/s")])
def test_steps_a_second(speed: str) -> None:
    player = playing(10_000, speed)
    shown(player, 64 * 4)
    assert player.cursor == 4 * int(speed.partition("/")[0])


@pytest.mark.parametrize("speed", [speed for speed in SPEEDS if speed.endswith("/frame")])
def test_steps_a_frame(speed: str) -> None:
    player = playing(10_000, speed)
    by = int(speed.partition("/")[0])
    assert shown(player, 5) == [by, 2 * by, 3 * by, 4 * by, 5 * by]


def test_says_whether_the_cursor_moved() -> None:
    player = playing(10, "1/s")
    moved = [player.advance(0.25) for _ in range(8)]
    assert moved == [False, False, False, True] * 2


def test_stops_at_the_end() -> None:
    player = playing(3, "1/frame")
    assert shown(player, 5) == [1, 2, 3, 3, 3]
    assert not player.playing
    player = playing(3, "10/frame")
    assert shown(player, 2) == [3, 3]
    assert not player.playing


def test_plays_from_the_start_again_after_the_end() -> None:
    player = playing(3, "1/frame")
    shown(player, 5)
    player.play()
    assert player.cursor == 0
    assert shown(player, 1) == [1]


def test_a_loop_shows_both_ends() -> None:
    assert shown(playing(3, "1/frame", loop=True), 9) == [1, 2, 3, 0, 1, 2, 3, 0, 1]


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_loop_shows_both_ends_at_any_speed(speed: str) -> None:
    player = playing(37, speed, loop=True)
    places = shown(player, 4000)
    assert player.playing
    assert {0, 37} <= set(places)
    assert all(0 <= place <= 37 for place in places)
    laps = [after for before, after in pairwise(places) if after < before]
    assert laps
    assert set(laps) == {0}


def test_a_run_of_no_steps_can_be_played() -> None:
    for loop in (False, True):
        player = playing(0, "10/frame", loop)
        assert shown(player, 3) == [0, 0, 0]


def test_after_a_long_pause_it_goes_on_and_does_not_jump() -> None:
    player = playing(1000, "20/s")
    player.advance(3600)
    assert player.cursor == 20 * LONGEST_FRAME


def test_dropped_frames_are_made_up_for() -> None:
    smooth, jerky = playing(1000, "30/s"), playing(1000, "30/s")
    shown(smooth, 16)
    for frames in (1, 7, 3, 5):
        jerky.advance(frames * FRAME)
    assert smooth.cursor == jerky.cursor == 7


def test_no_part_of_a_step_is_lost() -> None:
    player = playing(10**6, "20/s")
    rng = random.Random(2)
    passed = 0.0
    for _ in range(1000):
        seconds = rng.uniform(0, LONGEST_FRAME)
        passed += seconds
        player.advance(seconds)
    assert abs(player.cursor - 20 * passed) < 1.001


@pytest.mark.parametrize(("step", "place"), [(5, 5), (0, 0), (10, 10), (11, 10), (10**9, 10), (-1, 0), (-(10**9), 0)])
def test_seek_keeps_to_the_run(step: int, place: int) -> None:
    player = Player(10)
    player.seek(step)
    assert player.cursor == place


def test_seek_plays_on_from_there() -> None:
    player = playing(10, "1/frame")
    player.seek(7)
    assert player.playing
    assert shown(player, 1) == [8]


def test_seek_forgets_the_part_of_a_step() -> None:
    player = playing(10, "1/s")
    shown(player, 3, 0.25)
    player.seek(5)
    assert not player.advance(0.25)


def test_step_pauses() -> None:
    player = playing(10)
    player.step(1)
    assert (player.cursor, player.playing) == (1, False)
    player.step(-1)
    player.step(-1)
    assert player.cursor == 0
    player.step(99)
    assert player.cursor == 10


def test_a_shorter_run_takes_the_cursor_along() -> None:
    player = Player(100)
    player.seek(80)
    player.set_last(90)
    assert player.cursor == 80
    player.set_last(30)
    assert (player.cursor, player.last) == (30, 30)
    player.set_last(100)
    assert player.cursor == 30


def test_a_shorter_run_while_playing_ends_it() -> None:
    player = playing(100, "1/frame")
    player.seek(80)
    player.set_last(50)
    shown(player, 1)
    assert (player.cursor, player.playing) == (50, False)


def test_toggle() -> None:
    player = Player(10)
    player.toggle()
    assert player.playing
    player.toggle()
    assert not player.playing


def test_faster_and_slower_stop_at_the_ends() -> None:
    player = Player(10)
    assert player.speed == "30/s"
    seen = []
    for _ in range(len(SPEEDS) + 3):
        player.faster(-1)
    for _ in range(len(SPEEDS) + 3):
        seen.append(player.speed)
        player.faster()
    assert seen[: len(SPEEDS)] == list(SPEEDS)
    assert player.speed == SPEEDS[-1]


def test_the_speed_may_change_while_it_plays() -> None:
    player = playing(100, "1/frame")
    assert shown(player, 2) == [1, 2]
    player.faster()
    assert shown(player, 2) == [4, 6]
