"""Chromium, in the few words that the tests need. Nothing else here imports Selenium."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium.common.exceptions import (
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver import ActionChains, Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

FLAGS = [
    "--headless",
    "--window-size=1280,900",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page asks of another host fails at once; the log of requests tells.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]
SECONDS_TO_WAIT = 15
#: What is not there yet, or not there any more.
NOT_NOW = (
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
RUN_AXE = """
const [tags, done] = arguments;
axe.run(document, { runOnly: tags, resultTypes: ["violations"] })
  .then(({ violations }) => done(violations), (error) => done([{ id: String(error), nodes: [] }]));
"""
#: Two frames, so that styles have taken effect; then every transition at its end. They are taken
#: there, for some of the admin's animations last most of a minute.
SETTLE = """
const done = arguments[0];
requestAnimationFrame(() => requestAnimationFrame(() => {
  const finite = document.getAnimations().filter(
    (animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
  finite.forEach((animation) => animation.finish());
  Promise.allSettled(finite.map((animation) => animation.finished)).then(() => done());
}));
"""
#: Where an element is in the window.
PLACE = "return JSON.stringify(arguments[0].getBoundingClientRect())"


class Browser:
    """One Chromium with one window.

    Args:
        base_url: where paths are looked up.
        chromium: the program.
        chromedriver: the program that steers it.
        profile: an empty directory.
    """

    def __init__(self, base_url: str, chromium: str, chromedriver: str, profile: Path) -> None:
        options = ChromeOptions()
        options.binary_location = chromium
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = Chrome(options=options, service=Service(chromedriver))
        self.driver.set_script_timeout(60)
        self.base_url = base_url
        self._axe = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

    def quit(self) -> None:
        self.driver.quit()

    def reset(self) -> None:
        """As if just started."""
        self.driver.get("about:blank")
        self._cdp("Network.clearBrowserCookies")
        self.allow_scripts(True)
        self.show_as(1280, "light")
        for log in ("browser", "performance"):
            self.driver.get_log(log)

    # --- Settings ---

    def allow_scripts(self, allowed: bool) -> None:
        self._cdp("Emulation.setScriptExecutionDisabled", value=not allowed)

    def show_as(self, width: int, scheme: str) -> None:
        """In a window this wide, for a reader who prefers the light or the dark."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self._cdp("Emulation.setDeviceMetricsOverride", **metrics)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._cdp("Emulation.setEmulatedMedia", features=[feature])

    # --- Reading ---

    def open(self, path: str) -> None:
        self.driver.get(self.base_url + path)
        self.wait_until_loaded()

    def wait_until_loaded(self) -> None:
        """Until no part of the page says that it is being fetched."""
        self.wait(lambda: not self.all("[aria-busy=true]"), "the page to be loaded")

    @property
    def address(self) -> str:
        """Where the window is, without the host."""
        url = urlsplit(self.driver.current_url)
        return url.path + (f"?{url.query}" if url.query else "")

    def text(self, css: str = "main") -> str:
        """What can be read there, in one line."""
        return " ".join(self.one(css).text.split())

    def one(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def focused(self, css: str) -> bool:
        return self.js("return document.activeElement.matches(arguments[0])", css)

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def violations(self) -> list[str]:
        """What axe finds, a line for each element."""
        self.wait_until_loaded()
        self.driver.execute_async_script(SETTLE)
        if not self.js("return 'axe' in window"):
            self.js(self._axe)
        return [
            f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
            for violation in self.driver.execute_async_script(RUN_AXE, AXE_TAGS)
            for node in violation["nodes"] or [{"html": "", "failureSummary": ""}]
        ]

    def errors(self) -> list[str]:
        """What the console has said since it was last asked."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if entry["level"] in {"SEVERE", "WARNING"}
        ]

    def requests(self) -> list[str]:
        """The addresses asked for since this was last asked."""
        messages = (
            json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")
        )
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    # --- Doing ---

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        """Until it holds, and gives what it gave."""
        waiting = WebDriverWait(self.driver, SECONDS_TO_WAIT, 0.1, NOT_NOW)
        return waiting.until(lambda _: condition(), f"waited in vain for {what}")

    def click(self, css: str, text: str = "") -> None:
        """The first such thing that can be seen and has this text."""

        def found() -> WebElement | None:
            seen = (each for each in self.all(css) if each.is_displayed() and text in each.text)
            return next(seen, None)

        element = self.wait(found, f"{css} {text}")
        self.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        # What moves while it is clicked misses the click, which nothing reports. Looked at from
        # outside: a timer of the page's never runs where its scripts are off.
        seen_at: list[str] = []

        def rests() -> bool:
            seen_at.append(self.js(PLACE, element))
            return seen_at[-2:-1] == seen_at[-1:]

        self.wait(rests, f"{css} to rest")
        element.click()

    def fill(self, css: str, text: str) -> None:
        def filled() -> bool:
            element = self.one(css)
            element.clear()
            element.send_keys(text)
            return True

        self.wait(filled, css)

    def press(self, *keys: str) -> None:
        """Keys by their names, as in `press("TAB")`; any other text is typed."""
        ActionChains(self.driver).send_keys(*(getattr(Keys, key, key) for key in keys)).perform()

    def tab_to(self, css: str, at_most: int = 60) -> None:
        """Go there with the Tab key alone."""
        for _ in range(at_most):
            self.press("TAB")
            if self.focused(css):
                return
        raise AssertionError(f"The Tab key does not lead to {css}")

    def _cdp(self, command: str, **parameters: Any) -> None:
        self.driver.execute_cdp_cmd(command, parameters)
