"""Presenting: the whole screen, large type, a presenter's keys, and back to exactly the window before."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QByteArray, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from optiviz.app import presenting
from optiviz.app.presenting import IDLE, scale_for
from optiviz.desk.settings import Settings
from optiviz.widgets import style_sheet
from optiviz.widgets import theme as themes
from optiviz.widgets.theme import px

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
SIZES = {"XGA": (1024, 768), "720p": (1280, 720), "1080p or 4K at 200 %": (1920, 1080), "4K": (3840, 2160)}


@pytest.fixture(autouse=True)
def type_as_it_was(qapp):
    """No test leaves large type to another."""
    yield
    if px(1) != 1:
        themes.set_scale(1.0)
        style_sheet.apply(qapp, themes.LIGHT)


@pytest.fixture
def mouse(monkeypatch, user):
    """The mouse and the clock as presenting sees them: both stand still until a test moves them."""
    state = SimpleNamespace(at=QPoint(5, 5), seconds=1000.0, looks=0)

    def pos():
        state.looks += 1
        return QPoint(state.at)

    def seen():
        """Waits until the mouse has been looked at again, and that has been answered."""
        before = state.looks
        user.until(lambda: state.looks > before + 4)

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
    presenter = window.presenter
    if presenter.on:
        presenter.leave()
    if presenter.blank:
        presenter.toggle_blank()
    if presenter.pointer:
        presenter.toggle_pointer()
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


def test_presenting_shows_the_views_alone_in_large_type(speaker, present):
    window = speaker.window
    width = window.dashboard.loss.plot.getAxis("left").width()
    tall = themes.sans(12).pixelSize()
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


@pytest.mark.parametrize(
    ("size", "scale"),
    [((1280, 720), 1.5), ((1920, 1080), 2.3), ((1024, 768), 1.2), ((3840, 2160), 4.0), ((320, 200), 1.2)],
)
def test_type_grows_with_the_screen_within_bounds(size, scale):
    assert scale_for(QSize(*size)) == pytest.approx(scale, rel=0.04)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (Key.Key_F11, "lesson"),
        (Key.Key_Escape, "arithmetic"),
        (Key.Key_Escape, "blank and ring"),
        (Key.Key_F11, "blank and ring"),
    ],
)
def test_back_to_exactly_the_window_before(speaker, present, key, shown):
    window = speaker.window
    if shown == "lesson":
        speaker.press(Key.Key_PageDown)
        speaker.until(lambda: window.workspace.player.playing)
    if shown == "arithmetic":
        speaker.press(Key.Key_A)
    before, geometry = settled(speaker), window.geometry()
    place = window.dashboard.column.indexOf(window.transport)
    present()
    if shown == "blank and ring":
        speaker.press(Key.Key_P)
        speaker.press(Key.Key_B)
        if key == Key.Key_Escape:
            speaker.press(key)  # the black screen goes first
    speaker.press(key)
    speaker.picture()
    assert not window.isFullScreen()
    assert px(1) == 1
    assert window.geometry() == geometry
    assert window.dashboard.column.indexOf(window.transport) == place
    assert not speaker.action("present").isChecked()
    assert not speaker.action("escape").isEnabled()
    assert settled(speaker) == before


def test_the_picture_is_the_one_before(speaker, present):
    before = settled(speaker)
    range_, picture = speaker.window.dashboard.contours.window_shown(), speaker.picture()
    present()
    speaker.press(Key.Key_Escape)
    assert settled(speaker) == before
    assert speaker.window.dashboard.contours.window_shown() == pytest.approx(range_, rel=1e-9)
    assert (speaker.picture() == picture).all()


def test_back_to_a_window_that_fills_the_desk(speaker):
    window = speaker.window
    window.showMaximized()
    before = settled(speaker)
    speaker.press(Key.Key_F11)
    settled(speaker)
    speaker.press(Key.Key_Escape)
    assert settled(speaker) == before
    assert window.isMaximized()


def test_presenting_twice_is_like_presenting_once(speaker, present):
    window = present()
    first = settled(speaker)
    speaker.press(Key.Key_Escape)
    present()
    assert settled(speaker) == first
    assert window.isFullScreen()


def test_the_place_of_the_cursor_can_be_read(speaker, present):
    window = present()
    speaker.press(Key.Key_End)
    speaker.picture()
    for label, text in ((window.transport.place, "60"), (window.transport.last, " / 60")):
        assert label.text() == text
        assert QFontMetrics(label.font()).horizontalAdvance(text) <= label.contentsRect().width()


# Black screen and ring


def black(picture):
    return not picture.any()


@pytest.mark.parametrize(("key", "while_presenting"), [(Key.Key_B, False), (Key.Key_Escape, True)])
def test_a_black_screen_and_back(speaker, present, key, while_presenting):
    window = present() if while_presenting else speaker.window
    speaker.picture()
    before = speaker.picture()
    speaker.press(Key.Key_B)
    assert black(speaker.picture())
    assert speaker.cursor == 0
    speaker.press(Key.Key_Right)  # goes on behind it
    assert speaker.cursor == 1
    assert black(speaker.picture())
    speaker.press(Key.Key_Left)
    speaker.press(key)
    assert (speaker.picture() == before).all()
    assert window.isFullScreen() == while_presenting


def test_a_screen_that_is_black_stays_black_when_it_grows(speaker, present):
    speaker.press(Key.Key_B)
    assert black(speaker.picture())
    speaker.window.resize(1400, 900)
    speaker.picture()
    assert black(speaker.picture())
    present()
    assert black(speaker.picture())


def test_escape_takes_what_is_on_top_first(speaker, present):
    window = present()
    speaker.press(Key.Key_B)
    speaker.press(Key.Key_Escape)
    assert window.isFullScreen()
    speaker.press(Key.Key_Escape)
    assert not window.isFullScreen()
    assert not window.presenter.veil.isVisible()


def has_ring(speaker, at, color):
    """Whether a ring of that colour is around a place of the window."""
    picture = speaker.picture()
    wanted = QColor(color).getRgb()[:3]
    right = picture[at.y(), at.x() + round(px(20)) - 2 : at.x() + round(px(20)) + 3].astype(int)
    return bool((abs(right - wanted).max(axis=1) < 40).any())


@pytest.mark.parametrize("while_presenting", [True, False])
def test_a_ring_follows_the_mouse(speaker, present, mouse, while_presenting):
    window = present() if while_presenting else speaker.window
    accent = window.theme.accent
    mouse.at = window.mapToGlobal(QPoint(400, 300))
    speaker.press(Key.Key_P)
    assert has_ring(speaker, QPoint(400, 300), accent)
    for place in (QPoint(300, 200), QPoint(500, 400)):
        mouse.at = window.mapToGlobal(place)
        speaker.until(lambda at=place: has_ring(speaker, at, accent))
    assert not has_ring(speaker, QPoint(300, 200), accent)
    before = speaker.cursor
    plot = window.dashboard.loss.plot
    QTest.mouseClick(plot.viewport(), LEFT, pos=plot.viewport().rect().center())  # the ring lets clicks through
    assert speaker.cursor != before
    speaker.press(Key.Key_P)
    assert not has_ring(speaker, QPoint(500, 400), accent)
    if not while_presenting:
        assert not window.presenter.watching


# The transport


def test_the_transport_hides_while_the_mouse_rests(speaker, present, mouse):
    window = present()
    transport = window.transport
    mouse.seen()
    mouse.seconds += IDLE * 0.9
    mouse.seen()
    assert transport.isVisible()
    mouse.seconds += IDLE * 0.2
    speaker.until(lambda: not transport.isVisible())
    mouse.at += QPoint(3, 0)
    speaker.until(transport.isVisible)
    mouse.seconds += IDLE * 2
    speaker.until(lambda: not transport.isVisible())
    speaker.press(Key.Key_Escape)
    assert transport.isVisible()


def test_the_transport_stays_under_a_mouse_that_rests_on_it(speaker, present, mouse):
    window = present()
    mouse.at = window.mapToGlobal(inside(window, window.transport).center())
    mouse.seen()
    mouse.seconds += IDLE * 3
    mouse.seen()
    assert window.transport.isVisible()


def test_the_transport_lies_on_the_contour_views_lower_edge(speaker, present):
    window = present()
    changes = {
        "nothing": lambda: None,
        "a lesson": lambda: speaker.press(Key.Key_PageDown),
        "arithmetic": lambda: speaker.press(Key.Key_A),
        "another lesson": lambda: window.lessons.conductor.enter(window.lessons.conductor.all[1], 0),
        "no lesson": speaker.action("close_lesson").trigger,
        "another theme": lambda: speaker.shortcut("Ctrl+T"),
        "the theme before": lambda: speaker.shortcut("Ctrl+T"),
        "another size": lambda: window.resize(1100, 900),
    }
    for change, make in changes.items():
        make()
        settled(speaker)
        transport, contours = inside(window, window.transport), inside(window, window.dashboard.contours)
        assert abs(transport.bottom() - contours.bottom()) <= 2, change
        assert (transport.left(), transport.width()) == (contours.left(), contours.width()), change


# Keys and lessons while presenting


def test_the_keys_of_a_presenter(speaker, present):
    window = present()
    speaker.press(Key.Key_PageDown)
    speaker.until(lambda: window.workspace.player.playing)
    card = window.card
    assert card.isVisible()
    first = card.title.text()
    speaker.press(Key.Key_Space)
    assert not window.workspace.player.playing
    speaker.press(Key.Key_Right)
    speaker.press(Key.Key_Right)
    speaker.press(Key.Key_Left)
    assert speaker.cursor == 1
    speaker.press(Key.Key_PageDown)
    assert card.title.text() != first
    speaker.press(Key.Key_PageUp)
    assert card.title.text() == first
    assert window.isFullScreen()


def test_a_lesson_has_room_while_presenting(speaker, present):
    speaker.press(Key.Key_PageDown)
    speaker.picture()
    card = speaker.window.card
    width, height, size = card.width(), card.height(), card.title.font().pixelSize()
    window = present(1920, 1080)
    assert card.width() > 1.5 * width
    assert card.height() > height
    assert card.height() > 0.9 * window.height()
    assert card.title.font().pixelSize() > size
    assert card.text.document().defaultFont().pixelSize() > 1.5 * 14


@pytest.mark.parametrize("size", SIZES)
def test_everything_has_its_place_on_every_screen(speaker, present, size):
    window = present(*SIZES[size])
    for key in ("", Key.Key_A, Key.Key_PageDown, Key.Key_A):
        if key:
            speaker.press(key)
            speaker.picture()
        assert_in_place(window)
    card = window.card
    for lesson in window.lessons.conductor.all:
        for number in range(len(lesson.scenes)):  # a presenter's remote cannot scroll
            card.show_scene(lesson, number)
            QApplication.processEvents()
            assert card.text.verticalScrollBar().maximum() == 0, (lesson.title, number + 1)


def assert_in_place(window):
    """Nothing is outside, nothing lies on anything else, and the contour view is large enough."""
    least = window.centralWidget().minimumSizeHint()
    assert least.width() <= window.width()
    assert least.height() <= window.height()
    dashboard, card = window.dashboard, window.card
    arithmetic = window.workspace.document.scene.view.arithmetic
    right = [dashboard.arithmetic] if arithmetic else list(dashboard.curve_views)
    assert inside(window, dashboard.contours).width() >= 0.35 * window.width()
    lesson = [card, *card.buttons.values()] if window.lessons.conductor.lesson else []
    for part in (dashboard.contours, window.transport, *right, *lesson):
        assert part.isVisible()
        assert window.rect().contains(inside(window, part)), part
    columns = [dashboard.contours, *right, *lesson[:1]]
    for one, other in combinations(columns, 2):
        assert not inside(window, one).intersects(inside(window, other))
    assert all(view.plot.box.height() > 40 for view in right if view is not dashboard.arithmetic)


def test_the_theme_changes_while_presenting(speaker, present):
    window = present()
    scale = px(1)
    speaker.shortcut("Ctrl+T")
    assert window.theme is themes.DARK
    assert px(1) == scale
    assert not window.panel.isVisible()
    speaker.shortcut("Ctrl+T")


def test_an_edit_while_presenting_stays(speaker, present):
    present()
    speaker.press(Key.Key_Right)
    speaker.press(Key.Key_D)
    speaker.press(Key.Key_G)
    scene = speaker.scene
    assert scene.runs[0].schedule == "manual"
    speaker.press(Key.Key_Escape)
    assert speaker.scene == scene
    assert speaker.cursor == 1
    speaker.settle()


# The end


def test_closing_while_presenting_remembers_the_window(open_window, small, mouse):
    user = open_window(small())
    user.window.setMinimumSize(600, 400)
    user.window.setGeometry(10, 40, 780, 600)
    user.picture()
    geometry = user.window.saveGeometry()
    user.press(Key.Key_F11)
    watch = user.window.presenter._watch
    user.shortcut("Ctrl+Q")
    assert not user.window.isVisible()
    going, scale = watch.isActive(), px(1)
    watch.stop()
    assert not going, "the closed window still looks for the mouse"
    assert scale == 1
    assert Settings().geometry == geometry
    second = open_window()
    assert not second.window.isFullScreen()
    assert second.window.panel.isVisible()


def test_closing_with_a_ring_leaves_nothing_behind(open_window, small, mouse):
    user = open_window(small())
    user.press(Key.Key_P)
    watch = user.window.presenter._watch
    user.window.close()
    going = watch.isActive()
    watch.stop()
    assert not going


def test_a_file_opened_while_presenting_is_presented(speaker, present, small):
    window = present()
    scene = small(surface="booth", steps=12345)
    speaker.open(scene)
    speaker.press(Key.Key_End)
    assert speaker.cursor == 12345
    assert not window.panel.isVisible()
    speaker.press(Key.Key_Escape)
    assert isinstance(window.saveGeometry(), QByteArray)
    speaker.picture()
    for label, text in ((window.transport.place, "12,345"), (window.transport.last, " / 12,345")):
        assert label.text() == text
        assert QFontMetrics(themes.sans(12)).horizontalAdvance(text) <= label.width() < 100
