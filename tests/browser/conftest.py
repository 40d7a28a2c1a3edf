"""The demo and the browser: one of each for all tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.demo import Demo

if TYPE_CHECKING:
    from tests.browser.driver import Browser


@pytest.fixture(scope="session")
def programs() -> tuple[str, str]:
    """Chromium and what steers it."""
    for module in ("selenium", "axe_playwright_python"):
        pytest.importorskip(module, reason=f"{module} is not installed (--group browser)")
    found = shutil.which("chromium"), shutil.which("chromedriver")
    if None in found:
        pytest.skip("chromium or chromedriver is not installed")
    return found


@pytest.fixture(scope="session")
def demo(programs, tmp_path_factory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo"))
    demo.load()
    with demo.serving():
        yield demo


@pytest.fixture(scope="session")
def host(demo) -> Iterator[Demo]:
    """The demo as a site with blocks of its own has it, saving drafts by itself."""
    host = demo.beside("host_settings")
    with host.serving():
        yield host


@pytest.fixture(scope="session")
def chromium(programs, demo, tmp_path_factory) -> Iterator[Browser]:
    from tests.browser.driver import Browser

    browser = Browser(demo.url, *programs, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.quit()


@pytest.fixture
def browser(chromium) -> Browser:
    chromium.reset()
    return chromium


@pytest.fixture
def editor(browser, demo) -> Iterator[Browser]:
    """The browser of someone who has logged in. What they do is undone afterwards."""
    browser.open("/admin/login/")
    browser.fill("#id_username", "editor")
    browser.fill("#id_password", "regional-demo")
    browser.click("button[type=submit]")
    browser.wait(lambda: browser.address == "/admin/", "the admin")
    with demo.undone():
        yield browser
        # The page editor pings the site now and then: no longer.
        browser.reset()


@pytest.fixture
def host_editor(editor, host, monkeypatch) -> Browser:
    """The same editor there. Ports share their cookies."""
    monkeypatch.setattr(editor, "base_url", host.url)
    return editor
