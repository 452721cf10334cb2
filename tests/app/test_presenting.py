"""Presenting: the whole screen, large type, a presenter's keys, and back to exactly the window before.

Entering and leaving take most of a second, since all type changes: tests that only want to be there share one entering.
"""

from __future__ import annotations

from itertools import combinations, count
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QByteArray, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from windows import until

from optiviz import Run
from optiviz.app import presenting
from optiviz.app.presenting import IDLE, scale_for
from optiviz.commands.palette import Palette
from optiviz.desk.settings import Settings
from optiviz.files.origin import Origin
from optiviz.session.state import State
from optiviz.widgets import theme as themes
from optiviz.widgets.theme import px

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
SIZES = {"XGA": (1024, 768), "720p": (1280, 720), "1080p or 4K at 200 %": (1920, 1080), "4K": (3840, 2160)}
TIMES = count(1000, 1000)  # each test begins later than the one before


@pytest.fixture(scope="module", autouse=True)
def nothing_stays_large(shared):
    """No test leaves large type to another file's."""
    yield
    if shared.window is not None and shared.window.presenter.on:
        shared.window.presenter.leave()
    assert px(1) == 1


@pytest.fixture(autouse=True)
def stage(shared, request):
    """Who does not want to be presenting from the beginning is not."""
    if "presented" not in request.fixturenames and shared.window is not None and shared.window.presenter.on:
        shared.window.presenter.leave()


@pytest.fixture
def mouse(monkeypatch):
    """The mouse and the clock as presenting sees them: both stand still until a test moves them."""
    seconds = next(TIMES)
    state = SimpleNamespace(at=QPoint(5, 5 + seconds % 7), seconds=float(seconds), looks=0)

    def pos():
        state.looks += 1
        return QPoint(state.at)

    def seen():
        """Waits until the mouse has been looked at again, and that has been answered."""
        before = state.looks
        until(lambda: state.looks > before + 4)

    state.seen = seen
    monkeypatch.setattr(presenting, "QCursor", SimpleNamespace(pos=pos))
    monkeypatch.setattr(presenting, "time", SimpleNamespace(monotonic=lambda: state.seconds))
    return state


@pytest.fixture
def speaker(user, mouse, monkeypatch):
    """Somebody in front of a window that lies on the screen with room around it."""
    window = user.window
    monkeypatch.setattr(window.workspace.player, "advance", lambda seconds: False)
    least, normal = window.minimumSize(), window.size()
    window.setMinimumSize(600, 400)  # the screen of the tests is small
    window.setGeometry(10, 40, 780, 600)
    user.rest()
    yield user
    if window.presenter.on:
        window.presenter.leave()
    window.workspace.appear(blank=False, pointer=False)
    window.lessons.conductor.close()
    window.setMinimumSize(least)
    window.showNormal()
    window.resize(normal)


@pytest.fixture
def present(speaker, monkeypatch):
    """Presents: on the screen of the tests, or in a window of another screen's size; in type for that size."""

    def present(width=0, height=0):
        window = speaker.window
        scale = scale_for(QSize(width or 1280, height or 720))
        monkeypatch.setattr(presenting, "scale_for", lambda _: scale)
        if width:  # Qt's offscreen platform has one screen only
            monkeypatch.setattr(window, "showFullScreen", lambda: window.resize(width, height))
        speaker.press(Key.Key_F11)
        settled(speaker)
        assert not width or window.size() == QSize(width, height)
        return window

    return present


@pytest.fixture
def presented(shared, own_folders, mouse, monkeypatch, request):
    """Somebody who presents already, on the screen of the tests."""

    def prepared():
        window = shared.reset() if shared.window is not None and shared.window.presenter.on else shared.fresh()
        scale = scale_for(QSize(1280, 720))
        monkeypatch.setattr(presenting, "scale_for", lambda _: scale)
        if not window.presenter.on:
            window.presenter.enter()
        window.activateWindow()
        until(window.isActiveWindow)
        return window

    with shared.lent(prepared, request.session) as user:
        monkeypatch.setattr(user.window.workspace.player, "advance", lambda seconds: False)
        user.settle()
        settled(user)
        yield user
        user.window.workspace.appear(blank=False, pointer=False)
        user.window.lessons.conductor.close()


def state_of(window):
    """Where everything is that can be seen, and how large its type is."""

    def place(widget):
        return widget.mapTo(window, QPoint()).toTuple(), widget.size().toTuple(), widget.font().pixelSize()

    shown = [widget for widget in window.findChildren(QWidget) if widget.isVisible() and widget is not window.caption]
    return {f"{type(widget).__name__} {widget.objectName()} {id(widget)}": place(widget) for widget in shown}


def settled(speaker):
    """Where everything is when nothing moves any more."""
    seen = [{}, state_of(speaker.window)]
    while seen[-1] != seen[-2]:
        speaker.picture()
        seen.append(state_of(speaker.window))
        assert len(seen) < 20, "the layout does not come to rest"
    return seen[-1]


def inside(window, widget):
    """The widget's rectangle in the window."""
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def assert_number_fits(window, cursor, last, font):
    """Where one is can be read: the number fits its label."""
    for label, text in ((window.transport.number, cursor), (window.transport.last, last)):
        assert label.text() == text
        assert QFontMetrics(font or label.font()).horizontalAdvance(text) <= label.contentsRect().width()


# Entering and leaving


def test_presenting_shows_the_views_alone_in_large_type_and_goes_back_to_the_same_picture(speaker, present):
    window = speaker.window
    width = window.dashboard.loss.plot.getAxis("left").width()
    tall = themes.sans(12).pixelSize()
    before = settled(speaker)
    range_, picture = window.dashboard.contours.area_shown(), speaker.picture()
    present()
    assert window.isFullScreen()
    assert px(1) == scale_for(QSize(1280, 720)) > 1.4
    assert not window.panel.isVisible()
    assert not window.menuBar().isVisible()
    assert not window.status_line.isVisible()
    assert window.dashboard.contours.isVisible()
    assert window.dashboard.loss.isVisible()
    assert window.transport.isVisible()
    assert themes.sans(12).pixelSize() > tall
    assert window.dashboard.loss.plot.getAxis("left").width() > width
    assert window.font().pixelSize() == themes.sans(12).pixelSize()
    assert speaker.action("present").isChecked()
    first = settled(speaker)
    speaker.press(Key.Key_Escape)
    assert settled(speaker) == before
    assert window.dashboard.contours.area_shown() == pytest.approx(range_, rel=1e-9)
    assert (speaker.picture() == picture).all()
    present()  # twice is like once
    assert settled(speaker) == first
    assert window.isFullScreen()


@pytest.mark.parametrize(
    ("size", "scale"),
    [((1280, 720), 1.5), ((1920, 1080), 2.3), ((1024, 768), 1.2), ((3840, 2160), 4.0), ((320, 200), 1.2)],
)
def test_type_grows_with_the_screen_within_bounds(size, scale):
    assert scale_for(QSize(*size)) == pytest.approx(scale, rel=0.04)


@pytest.mark.parametrize(
    ("shown", "back"),
    [
        (Key.Key_PageDown, [Key.Key_F11]),
        (Key.Key_A, [Key.Key_Escape, Key.Key_Escape]),  # the black screen goes first
    ],
)
def test_back_to_exactly_the_window_before(speaker, present, shown, back):
    """With a lesson or with the arithmetic, out of a black screen and a ring."""
    window = speaker.window
    speaker.press(shown)
    speaker.until(lambda: window.workspace.player.playing == (shown == Key.Key_PageDown))
    before, geometry = settled(speaker), window.geometry()
    place = window.dashboard.column.indexOf(window.transport)
    present()
    speaker.press(Key.Key_P)
    speaker.press(Key.Key_B)
    for key in back:
        assert window.isFullScreen()
        speaker.press(key)
    speaker.picture()
    assert not window.isFullScreen()
    assert not window.presenter.veil.isVisible()
    assert px(1) == 1
    assert window.geometry() == geometry
    assert window.dashboard.column.indexOf(window.transport) == place
    assert not speaker.action("present").isChecked()
    assert not speaker.action("escape").isEnabled()
    assert settled(speaker) == before


def test_back_to_a_window_that_fills_the_desk(speaker):
    window = speaker.window
    window.showMaximized()
    before = settled(speaker)
    speaker.press(Key.Key_F11)
    settled(speaker)
    speaker.press(Key.Key_Escape)
    assert settled(speaker) == before
    assert window.isMaximized()


def test_a_file_opened_and_edited_while_presenting_is_there_afterwards(speaker, present, small):
    window = present()
    speaker.open(small(surface="booth", steps=12345, runs=[Run("gd", lr=0.02)]))
    speaker.press(Key.Key_End)
    assert speaker.cursor == 12345
    assert not window.panel.isVisible()
    speaker.press(Key.Key_Home)
    speaker.press(Key.Key_Right)
    speaker.press(Key.Key_D)
    speaker.press(Key.Key_G)
    scene = speaker.scene
    assert scene.runs[0].schedule == "manual"
    assert scene.view.show_gradient
    speaker.press(Key.Key_Escape)
    assert speaker.scene == scene
    assert speaker.cursor == 1
    assert isinstance(window.saveGeometry(), QByteArray)
    speaker.press(Key.Key_End)
    speaker.picture()
    assert_number_fits(window, "12,345", " / 12,345", themes.sans(12))
    assert max(window.transport.number.width(), window.transport.last.width()) < 100
    speaker.settle()


def test_closing_while_presenting_remembers_the_window(open_window, small, mouse):
    user = open_window(small())
    user.window.setMinimumSize(600, 400)
    user.window.setGeometry(10, 40, 780, 600)
    user.picture()
    geometry = user.window.saveGeometry()
    user.press(Key.Key_F11)
    user.shortcut("Ctrl+Q")
    assert not user.window.isVisible()
    assert not user.window.presenter.watching, "the closed window still looks for the mouse"
    assert px(1) == 1
    assert Settings().geometry == geometry
    second = open_window()
    assert not second.window.isFullScreen()
    assert second.window.panel.isVisible()


def test_closing_with_a_ring_leaves_nothing_behind(open_window, small, mouse):
    user = open_window(small())
    user.press(Key.Key_P)
    assert user.window.presenter.watching
    user.window.close()
    assert not user.window.presenter.watching


# On every screen


def test_everything_has_its_place_on_every_screen(speaker, present):
    window = speaker.window
    card = window.card
    speaker.press(Key.Key_PageDown)
    speaker.picture()
    width, height, type_size = card.width(), card.height(), card.title.font().pixelSize()
    speaker.action("close_lesson").trigger()
    for size, pixels in SIZES.items():
        if not window.presenter.on:
            present(*pixels)
        else:  # as on another screen: leaving and entering again would only take longer
            window.workspace.appear(scale=scale_for(QSize(*pixels)))
            window.resize(*pixels)
            settled(speaker)
        for key in ("", Key.Key_A, Key.Key_PageDown, Key.Key_A):
            if key:
                speaker.press(key)
                speaker.picture()
            assert_in_place(window)
        assert card.height() > max(height, 0.9 * window.height()), size
        assert card.title.font().pixelSize() > type_size, size
        if pixels == (1920, 1080):  # a lesson has more room than on a desk
            assert card.width() > 1.5 * width
            assert card.text.document().defaultFont().pixelSize() > 1.5 * 14
        assert_texts_fit(window)
        speaker.action("close_lesson").trigger()
        if speaker.scene.view.arithmetic:
            speaker.press(Key.Key_A)


def assert_texts_fit(window):
    """Every text of every lesson is to be seen whole: a presenter's remote cannot scroll."""
    card, now = window.card, window.workspace.state
    window.setUpdatesEnabled(False)
    before = now
    for lesson in window.lessons.conductor.all:
        for number in range(len(lesson.scenes)):
            state = State(now.scene, origin=Origin(lesson=(lesson, number)), appearance=now.appearance)
            card.show_state(before, state)
            QApplication.processEvents()
            assert card.text.verticalScrollBar().maximum() == 0, (window.size(), lesson.title, number + 1)
            before = state
    card.show_state(before, now)
    window.setUpdatesEnabled(True)


def assert_in_place(window):
    """Nothing is outside, nothing lies on anything else, and the contour view is large enough."""
    least = window.centralWidget().minimumSizeHint()
    assert least.width() <= window.width()
    assert least.height() <= window.height()
    dashboard, card = window.dashboard, window.card
    arithmetic = window.workspace.document.scene.view.arithmetic
    right = [dashboard.arithmetic] if arithmetic else list(dashboard.curve_views)
    assert inside(window, dashboard.contours).width() >= 0.35 * window.width()
    lesson = [card, *card.buttons.values()] if window.workspace.state.origin.lesson else []
    for part in (dashboard.contours, window.transport, *right, *lesson):
        assert part.isVisible()
        assert window.rect().contains(inside(window, part)), part
    columns = [dashboard.contours, *right, *lesson[:1]]
    for one, other in combinations(columns, 2):
        assert not inside(window, one).intersects(inside(window, other))
    assert all(view.plot.box.height() > 40 for view in right if view is not dashboard.arithmetic)


# Black screen and ring


def black(picture):
    return not picture.any()


def assert_black_and_back(user, key):
    """B blanks the screen, behind which everything goes on, and the key brings the same picture back."""
    user.picture()
    before = user.picture()
    user.press(Key.Key_B)
    assert black(user.picture())
    assert user.cursor == 0
    user.press(Key.Key_Right)  # goes on behind it
    assert user.cursor == 1
    assert black(user.picture())
    user.press(Key.Key_Left)
    user.press(key)
    assert (user.picture() == before).all()


def test_a_black_screen_and_back_on_the_desk(speaker):
    assert_black_and_back(speaker, Key.Key_B)
    assert not speaker.window.isFullScreen()


def test_a_screen_that_is_black_stays_black_when_it_grows(speaker, present):
    speaker.press(Key.Key_B)
    assert black(speaker.picture())
    speaker.window.resize(1400, 900)
    speaker.picture()
    assert black(speaker.picture())
    present()
    assert black(speaker.picture())


def has_ring(speaker, at, color):
    """Whether a ring of that colour is around a place of the window."""
    picture = speaker.picture()
    wanted = QColor(color).getRgb()[:3]
    right = picture[at.y(), at.x() + round(px(20)) - 2 : at.x() + round(px(20)) + 3].astype(int)
    return bool((abs(right - wanted).max(axis=1) < 40).any())


def assert_ring_follows(user, mouse):
    """P draws a ring around the mouse that lets clicks through, and takes it away."""
    window, accent = user.window, themes.LIGHT.accent
    mouse.at = window.mapToGlobal(QPoint(400, 300))
    user.press(Key.Key_P)
    assert has_ring(user, QPoint(400, 300), accent)
    for place in (QPoint(300, 200), QPoint(500, 400)):
        mouse.at = window.mapToGlobal(place)
        user.until(lambda at=place: has_ring(user, at, accent))
    assert not has_ring(user, QPoint(300, 200), accent)
    before = user.cursor
    plot = window.dashboard.loss.plot
    QTest.mouseClick(plot.viewport(), LEFT, pos=plot.viewport().rect().center())  # the ring lets clicks through
    assert user.cursor != before
    user.press(Key.Key_P)
    assert not has_ring(user, QPoint(500, 400), accent)


def test_a_ring_follows_the_mouse_on_the_desk(speaker, mouse):
    assert_ring_follows(speaker, mouse)
    assert not speaker.window.presenter.watching


# While presenting


def test_a_black_screen_and_back(presented):
    assert_black_and_back(presented, Key.Key_Escape)
    assert presented.window.isFullScreen()


def test_a_ring_follows_the_mouse(presented, mouse):
    assert_ring_follows(presented, mouse)


def test_the_place_of_the_cursor_can_be_read(presented):
    presented.press(Key.Key_End)
    presented.picture()
    assert_number_fits(presented.window, "60", " / 60", None)


def test_the_transport_stays_under_a_mouse_that_rests_on_it(presented, mouse):
    window = presented.window
    mouse.at = window.mapToGlobal(inside(window, window.transport).center())
    mouse.seen()
    mouse.seconds += IDLE * 3
    mouse.seen()
    assert window.transport.isVisible()


def test_the_keys_of_a_presenter(presented):
    window = presented.window
    presented.press(Key.Key_PageDown)
    presented.until(lambda: window.workspace.player.playing)
    card = window.card
    assert card.isVisible()
    first = card.title.text()
    presented.press(Key.Key_Space)
    assert not window.workspace.player.playing
    presented.press(Key.Key_Right)
    presented.press(Key.Key_Right)
    presented.press(Key.Key_Left)
    assert presented.cursor == 1
    presented.press(Key.Key_PageDown)
    assert card.title.text() != first
    presented.press(Key.Key_PageUp)
    assert card.title.text() == first
    assert window.isFullScreen()


def test_a_comparison_is_found_in_the_palette(presented):
    presented.shortcut("Ctrl+Shift+P")
    palette = presented.dialog(Palette)
    presented.write("same rate", palette)
    presented.press(Key.Key_Return, palette)
    assert presented.document.undo_name == "Same rate for all"
    assert presented.window.isFullScreen()
    presented.settle()


def test_the_transport_lies_on_the_contour_views_lower_edge(presented):
    window = presented.window
    changes = {
        "nothing": lambda: None,
        "a lesson": lambda: presented.press(Key.Key_PageDown),
        "arithmetic": lambda: presented.press(Key.Key_A),
        "another lesson": lambda: window.lessons.conductor.enter(window.lessons.conductor.all[1], 0),
        "no lesson": presented.action("close_lesson").trigger,
        "another theme": lambda: presented.shortcut("Ctrl+T"),
        "the theme before": lambda: presented.shortcut("Ctrl+T"),
        "another size": lambda: window.resize(1100, 900),
    }
    scale = px(1)
    for change, make in changes.items():
        make()
        settled(presented)
        transport, contours = inside(window, window.transport), inside(window, window.dashboard.contours)
        assert abs(transport.bottom() - contours.bottom()) <= 2, change
        assert (transport.left(), transport.width()) == (contours.left(), contours.width()), change
        assert window.workspace.state.appearance.theme == ("dark" if change == "another theme" else "light"), change
        assert px(1) == scale, change
        assert not window.panel.isVisible(), change


def test_the_transport_hides_while_the_mouse_rests(presented, mouse):
    transport = presented.window.transport
    mouse.seen()
    mouse.seconds += IDLE * 0.9
    mouse.seen()
    assert transport.isVisible()
    mouse.seconds += IDLE * 0.2
    presented.until(lambda: not transport.isVisible())
    mouse.at += QPoint(3, 0)
    presented.until(transport.isVisible)
    mouse.seconds += IDLE * 2
    presented.until(lambda: not transport.isVisible())
    presented.press(Key.Key_Escape)
    assert transport.isVisible()
