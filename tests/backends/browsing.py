"""MLflow's pages in a browser without a window."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
# Where pictures of the pages are left for people to look at.
PICTURES = os.environ.get("PAGE_PICTURES")
PATIENCE = 60
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


class Browser:
    """One window on one MLflow server."""

    def __init__(self, driver, server, experiment_id):
        self._driver = driver
        self._home = f"{server}/#/experiments/{experiment_id}"
        self._notebook = (
            f"{server}/static-files/lib/notebook-trace-renderer/index.html"
            f"?experiment_id={experiment_id}&trace_id="
        )

    def list_of(self, kind, expected):
        """What the list of traces or sessions reads, once it shows all that is *expected*."""
        return self._read(f"{self._home}/{kind}", expected, f"list-of-{kind}")

    def trace(self, name, trace_id, expected):
        """What a trace's drawer reads, once it shows all that is *expected*."""
        page = f"{self._home}/traces?selectedEvaluationId={trace_id}"
        # The page behind the drawer shows the other traces.
        return self._read(page, expected, name, after=f"\nTrace\n{trace_id[3:11]}\n")

    def in_notebook(self, name, trace_id, expected):
        """What a notebook shows of a trace, which has a tab for the chat."""
        return self._read(f"{self._notebook}{trace_id}", expected, f"notebook-{name}")

    def dashboard(self, page, expected):
        """What a page of the overview reads, once it shows all that is *expected*."""
        return self._read(f"{self._home}/overview/{page}", expected, f"dashboard-{page}")

    def hover(self, text, expected):
        """What the page reads with the mouse over *text*, once it shows all that is *expected*."""
        from selenium.webdriver import ActionChains  # noqa: PLC0415 - only this needs it

        found = self._driver.find_elements("xpath", f"//*[normalize-space(text())='{text}']")
        ActionChains(self._driver).move_to_element(found[-1]).perform()
        return self._wait(expected)

    def turn_to(self, tab, expected):
        """What the page reads once a tab of it shows all that is *expected*."""
        # Tabs turn on the mouse's button, which a click by script does not press.
        self._find(f"//*[@role='tab'][normalize-space(.)='{tab}']").click()
        return self._wait(expected)

    def click(self, text, expected):
        """What the page reads after a click on *text*, once it shows all that is *expected*."""
        found = self._driver.find_elements("xpath", f"//*[normalize-space(text())='{text}']")
        # The drawer comes after the page behind it. A click by script needs no room on the screen.
        self._driver.execute_script("arguments[0].click()", found[-1])
        return self._wait(expected)

    def image_sizes(self):
        """The width and height of each embedded picture, as the browser has drawn it."""
        images = self._driver.find_elements("xpath", "//img[starts-with(@src, 'data:image/png')]")
        script = "return [arguments[0].naturalWidth, arguments[0].naturalHeight]"
        return [self._driver.execute_script(script, image) for image in images]

    def _find(self, path):
        return self._driver.find_element("xpath", path)

    def _read(self, page, expected, name, after=""):
        # An address that differs behind its hash only would not load the page anew.
        self._driver.get("about:blank")
        self._driver.get(page)
        text = self._wait(expected, after)
        self.keep(name)
        return text

    def keep(self, name):
        """Keep a picture of the page as it is now, if anybody wants it."""
        if PICTURES:
            self._driver.save_screenshot(str(Path(PICTURES) / f"{name}.png"))

    def _wait(self, expected, after=""):
        """What the page reads behind *after*, once it shows all that is *expected*."""
        deadline = time.monotonic() + PATIENCE
        while True:
            text = self._find("//body").text
            shown = text.partition(after)[2] if after else text
            missing = [words for words in expected if words not in shown]
            if shown and not missing:
                return shown
            assert time.monotonic() < deadline, f"{missing} not in {text}"
            time.sleep(0.3)


@contextmanager
def browsing(server, experiment_id):
    """Give a browser."""
    from selenium import webdriver  # noqa: PLC0415 - only this needs it
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*_FLAGS, "--window-size=1600,1100"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options, Service(DRIVER))
    try:
        yield Browser(driver, server, experiment_id)
    finally:
        driver.quit()
