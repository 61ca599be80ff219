"""The report in a real Chromium: nothing asked of the network, nothing complained of, readable by everybody.

Needs Debian's chromium and chromium-driver; SYNCD_TEST_AXE names axe.min.js (npm: axe-core) for the
check of accessibility.
"""

import json
import os
import shutil
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from syncd.domain.units import KILOMETRES
from syncd.report.page.model import Month
from syncd.report.page.render import render
from syncd.report.page.run_chart import run_picture
from tests.report.test_page import HOSTILE, aims, card, samples, short_card, small, story, week

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
AXE = Path(os.environ["SYNCD_TEST_AXE"]) if os.environ.get("SYNCD_TEST_AXE") else None
SHOTS = os.environ.get("SYNCD_TEST_SHOTS", "")

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium or chromedriver is missing")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def shown(browser, tmp_path):
    """Load a page; what was asked of the network, and what the console said."""

    def show(page, width=1000):
        file = tmp_path / "report.html"
        file.write_text(page, encoding="utf-8")
        browser.get_log("performance")
        browser.get_log("browser")
        browser.set_window_size(width, 900)
        browser.get(file.as_uri())
        events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
        requests = [event["params"] for event in events if event["method"] == "Network.requestWillBeSent"]
        # Those of this page: the browser's first tab may still load pictures of its own.
        asked = [request["request"]["url"] for request in requests if request["documentURL"] == file.as_uri()]
        assert file.as_uri() in asked
        return [url for url in asked if url != file.as_uri()], browser.get_log("browser")

    yield show
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def dark(browser):
    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def keep(browser, name):
    if SHOTS:
        browser.save_screenshot(str(Path(SHOTS) / f"{name}.png"))


def test_it_loads_with_no_request_and_no_word_on_the_console(browser, shown):
    assert shown(render(story())) == ([], [])
    keep(browser, "report-light")


def test_every_chart_is_seen_and_has_a_name(browser, shown):
    shown(render(story()))
    charts = browser.find_elements("css selector", "svg[role=img]")
    assert len(charts) == 5
    for chart in charts:
        box = chart.rect
        assert box["width"] > 300
        assert box["height"] > 80
        assert chart.accessible_name
    colours = {
        line.value_of_css_property("stroke") for line in browser.find_elements("css selector", ".pace")
    }
    assert colours == {"rgb(0, 99, 163)"}


def two_years():
    """A page with a month of earlier runs, one of them without a picture."""
    runs = [short_card(number, small=small()) for number in range(10, 20)]
    gone = short_card(20, no_picture="No picture: it is gone.")
    return story(earlier=(Month("December 2025", (*runs, gone), "11 runs, 75 km"),))


@pytest.mark.parametrize("width", [360, 1000])
def test_the_pictures_of_a_month_are_seen_when_it_is_opened_beside_each_other(browser, shown, width):
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    shown(render(two_years()))
    pictures = browser.find_elements("css selector", ".small svg")
    assert not any(picture.is_displayed() for picture in pictures)
    browser.find_elements("css selector", "#earlier details > summary")[-1].click()
    keep(browser, f"month-{width}")
    boxes = [picture.rect for picture in pictures]
    assert len(boxes) == 10
    assert all(box["width"] > 120 and 2.9 < box["width"] / box["height"] < 3.7 for box in boxes)
    assert len({box["x"] for box in boxes}) == (2 if width < 600 else 3)
    assert all("of the time with a target was inside it." in picture.accessible_name for picture in pictures)
    assert "No picture: it is gone." in browser.find_element("css selector", ".small .none").text
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


LABELS = """
return [...document.querySelectorAll("svg[role=img]")].map(chart => [...chart.querySelectorAll("text")]
    .filter(text => text.getClientRects().length)
    .map(text => [text.textContent, ...["left", "right", "top", "bottom"].map(
        side => text.getBoundingClientRect()[side]), parseFloat(getComputedStyle(text).fontSize)]))
"""


def touching(labels):
    return [
        (one[0], other[0])
        for one, other in combinations(labels, 2)
        if one[1] < other[2] and other[1] < one[2] and one[3] < other[4] and other[3] < one[4]
    ]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_labels_of_every_chart_are_large_enough_and_none_touches_another(browser, shown, width):
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    pictures = [run_picture(samples(long), aims(), KILOMETRES) for long in LONG]
    runs = tuple(card(number, picture=picture) for number, picture in enumerate(pictures))
    shown(render(story(runs=runs, weeks=tuple(week(n) for n in range(-30, 75)))))
    browser.execute_script("document.querySelectorAll('details').forEach(card => card.open = true)")
    keep(browser, f"labels-{width}")
    charts = browser.execute_script(LABELS)
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert len(charts) == len(LONG) + 4
    for labels in charts:
        assert touching(labels) == []
        assert all(size >= 12 and left >= 0 and right <= width for _, left, right, _, _, size in labels)


LONG = ("25min E", "80min E", "2h10 E")


def test_on_a_phone_no_table_of_a_run_is_cut_off(browser, shown):
    metrics = {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    shown(render(story()))
    browser.execute_script("document.querySelectorAll('details').forEach(card => card.open = true)")
    cut = browser.execute_script(
        "return [...document.querySelectorAll('td, th')].filter(cell => cell.getClientRects().length"
        " && cell.getBoundingClientRect().right > innerWidth).map(cell => cell.textContent)"
    )
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert cut == []


def test_dark_is_dark_and_light_is_light(browser, shown):
    shown(render(story()))
    light = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    dark(browser)
    keep(browser, "report-dark")
    assert light == "rgb(246, 247, 249)"
    assert (
        browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
    )


@pytest.mark.parametrize("width", [360, 500, 1400])
def test_at_any_width_nothing_sticks_out(browser, shown, width):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    shown(render(story()))
    keep(browser, f"report-{width}")
    wide = browser.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide[0] <= wide[1] == width


def test_hostile_names_do_nothing(browser, shown):
    from selenium.common.exceptions import NoAlertPresentException

    runs = tuple(card(number, name=name) for number, name in enumerate(HOSTILE))
    asked, logged = shown(render(story(runs=runs, needs=tuple(HOSTILE))))
    assert (asked, logged) == ([], [])
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert
    titles = [title.text for title in browser.find_elements("css selector", "summary bdi")]
    assert "<script>alert(1)</script>" in titles


def test_printed_it_is_whole(browser, shown):
    shown(render(story()))
    printed = browser.execute_cdp_cmd("Page.printToPDF", {})
    assert len(printed["data"]) > 10_000


@pytest.mark.skipif(AXE is None, reason="SYNCD_TEST_AXE names no axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser, shown, scheme):
    page = replace(two_years(), needs=("Garmin wants you to log in again: run syncd auth garmin",))
    shown(render(page))
    if scheme == "dark":
        dark(browser)
    browser.execute_script("document.querySelectorAll('details').forEach(card => card.open = true)")
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    result = browser.execute_async_script("axe.run().then(arguments[0])")
    serious = [
        (violation["id"], violation["impact"], [node["html"][:120] for node in violation["nodes"][:3]])
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []
    assert len(result["passes"]) > 15
