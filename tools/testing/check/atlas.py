#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Drives the atlas in a headless Chromium and compares what it shows with the records.

usage: atlas.py PAGE RECORD...     the page must be made of these records
Exit: 0 right, 1 wrong, 4 Chromium, its driver or python3-selenium is not here.
"""
import json
import lzma
import os
import shutil
import sys
import tempfile

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select
except ImportError:
    print("python3-selenium is missing: tools/testing/check/setup.sh installs it")
    sys.exit(4)


def shown_as(layout, result, page):
    """An errno without its E; "ok" when all pages of the layout are taken. Its name has a letter for each."""
    if result.startswith("E"):
        return result[1:]
    return "ok" if int(result) >= len(layout.split(",")[0]) * page else result


def cells_of(record):
    """{(pinner, mapping): {what the first layout is shown as}} by the lines of contract/record.h."""
    cells, page = {}, 4096
    with lzma.open(record, "rt") as lines:
        for line in lines:
            if line.startswith("# page "):
                page = int(line.split()[2])
            if line.startswith("# result "):
                _, _, mapping, pinner, _, first = line.split()[:6]
                cells.setdefault((pinner, mapping), set()).add(shown_as(*first.split("="), page))
    return cells


def agrees(shown, results):
    """Of a cell, label and colour are shown."""
    label, colour = shown
    kind = "mixed" if len(results) > 1 else "all" if results == {"ok"} else "refused"
    return set(label.split("/")) == results and colour.split()[0] in (kind, "defect")


class Atlas:
    def __init__(self, page):
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.binary_location = shutil.which("chromium")
        self.browser = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.browser.execute_cdp_cmd("Network.enable", {})
        self.browser.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
        self.address = "file://" + os.path.realpath(page)
        self.wrong = 0

    def check(self, right, what):
        if not right:
            print("WRONG: " + what)
            self.wrong += 1

    def open(self, width, scheme="light", state=""):
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.browser.get("about:blank")
        self.browser.get(self.address + state)

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def cells(self):
        """{"PINNER MAPPING": [label, colour]} of the table, by the titles of its cells."""
        return self.run("""return Object.fromEntries([...document.querySelectorAll("#matrix td button")].map(
            b => [b.title.split(".").reverse().slice(0, 2).join(" "), [b.textContent, b.parentNode.className]]));""")

    def choose(self, box, name):
        Select(self.browser.find_element(By.ID, box)).select_by_visible_text(name)

    def write(self, box, text):
        field = self.browser.find_element(By.ID, box)
        field.clear()
        field.send_keys(text)

    def fits(self, width, scheme):
        self.open(width, scheme)
        self.check(self.run("return document.documentElement.scrollWidth") <= width,
                   f"at {width} pixels the page is wider than the window")
        light = self.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        self.check(light == (scheme == "light"), f"{scheme}: the background is of the other scheme")

    def shows_records(self, records):
        self.open(1400)
        for record in records:
            name = os.path.basename(record)[:-len(".xz")]
            self.choose("kernel", name)
            shown, cells = self.cells(), cells_of(record)
            for (pinner, mapping), results in cells.items():
                cell = shown.get(f"{pinner} {mapping}", ["nothing", "nothing"])
                self.check(agrees(cell, results), f"{name}: {pinner} {mapping}: {cell}, not {results}")
            more = [key for key, cell in shown.items()
                    if cell != ["out", "out"] and tuple(key.split()) not in cells]
            self.check(not more, f"{name}: cells that were not recorded: {more[:3]}")

    def answers(self, pinner, mapping, kernel):
        """What the filters leave of a kernel."""
        self.open(400)
        self.choose("kernel", kernel)
        self.write("pinner", pinner)
        self.write("mapping", mapping)
        return list(self.cells())

    def opens_a_cell(self, kernels):
        cells = self.answers("register_buffers2", "vfio_group", kernels[0])
        self.check(cells == ["register_buffers2 vfio_group"], f"the filters leave {len(cells)} cells: {cells[:3]}")
        self.browser.find_element(By.CSS_SELECTOR, "#matrix td button").click()
        details = self.browser.find_element(By.ID, "details")
        for kernel in kernels:
            self.check(kernel in details.text, f"the opened cell lacks {kernel}")
        self.check(self.run("return arguments[0].scrollWidth <= arguments[0].clientWidth", details),
                   "the opened cell is wider than the window")
        details.find_element(By.TAG_NAME, "button").click()
        self.check(not details.is_displayed(), "an opened cell cannot be closed")

    def compares(self, a, b, entry):
        self.open(1400, state=f"#kernel={a}&other={b}")
        text = self.browser.find_element(By.ID, "differences").text
        self.check(entry in text, f"{a} and {b}: {entry} is no reason")
        self.choose("other", a)
        self.check(not self.browser.find_element(By.ID, "differences").is_displayed(), f"{a} differs from itself")

    def lists_defects(self):
        rows = self.browser.find_elements(By.CSS_SELECTOR, "#defects tbody tr")
        defects = self.run("return data.entries.filter(e => e.defect).length")
        self.check(len(rows) == defects and defects, f"{len(rows)} of {defects} defects are listed")

    def ends(self):
        loaded = self.run("return performance.getEntriesByType('resource').map(r => r.name)")
        self.check(not [name for name in loaded if not name.startswith("data:")], f"the page loads {loaded}")
        errors = [entry["message"] for entry in self.browser.get_log("browser")]
        self.check(not errors, f"the browser says: {errors}")


def main(page, *records):
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        print("chromium or chromium-driver is missing: tools/testing/check/setup.sh installs them")
        return 4
    # The browser leaves files there.
    with tempfile.TemporaryDirectory() as directory:
        os.environ["TMPDIR"] = directory
        return look(page, records)


def look(page, records):
    atlas = Atlas(page)
    try:
        for width in (1400, 400):
            for scheme in ("light", "dark"):
                atlas.fits(width, scheme)
        atlas.check(os.path.getsize(page) < 2 << 20, "the page is larger than 2 MiB")
        atlas.shows_records(records)
        kernels = [os.path.basename(r)[:-len(".xz")] for r in records
                   if ("register_buffers2", "vfio_group") in cells_of(r)]
        atlas.opens_a_cell(kernels)
        older, newer = (next(k for k in kernels if k.startswith(own)) for own in ("own-6.1.", "own-7.3."))
        atlas.compares(newer, older, "FAST_FOLIO_ALLOWED")
        atlas.lists_defects()
        atlas.ends()
    finally:
        atlas.browser.quit()
    return 1 if atlas.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
