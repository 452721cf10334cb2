"""Where the cursor is, and where it will be: no clock, no window, only arithmetic."""

from __future__ import annotations

from ..scene.view import SPEEDS

LONGEST_FRAME = 0.25  # seconds; after a longer pause (a dialog, a sleeping laptop) playing goes on, it does not jump


class Player:
    """The cursor of a run of `last` steps: one step for all views.

    `speed` is one of SPEEDS: steps a second, or steps a frame.
    """

    def __init__(self, last: int = 0) -> None:
        self.last = last
        self.cursor = 0
        self.playing = False
        self.loop = False
        self.speed = "30/s"
        self._carry = 0.0  # the part of a step that the clock is ahead of the cursor

    def set_last(self, last: int) -> None:
        self.last = last
        self.cursor = min(self.cursor, last)

    def play(self) -> None:
        """Plays from the cursor on, from the start if the cursor is at the end."""
        if self.cursor >= self.last:
            self.cursor = 0
        self.playing, self._carry = True, 0.0

    def pause(self) -> None:
        self.playing = False

    def toggle(self) -> None:
        if self.playing:
            self.pause()
        else:
            self.play()

    def seek(self, step: int) -> None:
        """Moves the cursor to `step`, or to the nearest end; playing goes on from there."""
        self.cursor = min(max(step, 0), self.last)
        self._carry = 0.0

    def step(self, by: int) -> None:
        """Pauses, and moves the cursor by so many steps."""
        self.pause()
        self.seek(self.cursor + by)

    def faster(self, by: int = 1) -> None:
        """The next speed up, or down if `by` is negative."""
        place = SPEEDS.index(self.speed) + by
        self.speed = SPEEDS[min(max(place, 0), len(SPEEDS) - 1)]

    def advance(self, seconds: float) -> bool:
        """A frame has passed: moves the cursor on if it plays. Says whether the cursor moved."""
        if not self.playing:
            return False
        amount, unit = self.speed.split("/")
        self._carry += int(amount) if unit == "frame" else int(amount) * min(seconds, LONGEST_FRAME)
        whole = int(self._carry)
        self._carry -= whole
        before = self.cursor
        ahead = self.cursor + whole
        if ahead <= self.last:
            self.cursor = ahead
            if ahead == self.last and not self.loop:
                self.playing = False
        elif self.loop:
            # The end is shown before the start: a lap is last + 1 places.
            self.cursor = 0 if before == self.last else self.last
        else:
            self.cursor, self.playing = self.last, False
        return self.cursor != before
