"""resources/ is found where it is, and its absence is said in words."""

from pathlib import Path

import pytest

from optiviz import assets


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of our own, without resources so far."""
    folder = tmp_path / "place" / "optiviz"
    folder.mkdir(parents=True)
    monkeypatch.setattr(assets, "PACKAGE", folder)
    return folder


def test_a_checkout_has_them_at_its_top():
    checkout = Path(__file__).resolve().parent.parent
    assert assets.root() == checkout / "resources"


def test_the_package_comes_first(package):
    (package.parent / "resources").mkdir()
    assert assets.root() == package.parent / "resources"
    (package / "resources").mkdir()
    assert assets.root() == package / "resources"


def test_a_file_is_no_folder_of_resources(package):
    (package / "resources").write_text("")
    (package.parent / "resources").mkdir()
    assert assets.root() == package.parent / "resources"


def test_absence_is_an_error_in_words(package):
    with pytest.raises(FileNotFoundError, match="resources are missing") as error:
        assets.root()
    assert str(package / "resources") in str(error.value)
    assert str(package.parent / "resources") in str(error.value)


def test_path_joins_the_parts_below_the_root(package):
    icons = package / "resources" / "icons"
    icons.mkdir(parents=True)
    (icons / "play.svg").write_text("<svg/>")
    assert assets.path("icons", "play.svg") == icons / "play.svg"
    assert assets.path("icons") == icons
    assert assets.path() == assets.root()


def test_a_missing_file_is_named(package):
    (package / "resources").mkdir()
    with pytest.raises(FileNotFoundError, match=r"icons/play\.svg is missing"):
        assets.path("icons", "play.svg")
