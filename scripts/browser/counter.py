"""What the walk uses: a service of its own, a browser at its counter page, and what every page
has to keep to."""

import json
import os
import re
import subprocess
import time
import urllib.request
import uuid
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.chrome.service import Service as Driver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

CLIENT_ID = "MCH-0001-10791114622547"
SECONDS = 30
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def until(condition, what):
    """Waits for a condition outside the browser."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"still waiting for: {what}"
        time.sleep(0.05)


class Service:
    """A running service with settings and a database in a folder, and DOKU as `loket simulate`."""

    def __init__(self, loket, folder):
        self.loket, self.folder = loket, folder
        with open(f"{folder}/secret", "w") as file:
            file.write("secret-of-the-browser-test")
        with open(f"{folder}/loket.yaml", "w") as file:
            file.write(
                "gateway: { host: 127.0.0.1, port: 0 }\n"
                "admin: { host: 127.0.0.1, port: 0 }\n"
                "database: loket.db\n"
                "accounts:\n"
                f"  - client_id: {CLIENT_ID}\n"
                "    secrets: [{ file: secret }]\n"
                '    bins: [{ bin: "889651", type: doku_exclusive, channels: [alfa] }]\n'
            )
        with open(f"{folder}/log", "w") as log:
            command = [loket, "serve", "--config", f"{folder}/loket.yaml"]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            until(lambda: self.port("admin"), "the service to start; see its log above")
        except BaseException:
            self.stop()
            raise
        self.gateway = f"http://127.0.0.1:{self.port('gateway')}"
        self.url = f"http://127.0.0.1:{self.port('admin')}"
        with open(f"{folder}/loket.db.admin-key") as file:
            self.key = file.read().strip()

    def port(self, name):
        with open(f"{self.folder}/log") as file:
            log = file.read()
        assert self.process.poll() is None, log
        found = re.search(rf'"{name}_port":"?(\d+)', log)
        return found and found[1]

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def api(self, path, body=None):
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/admin/v1/{path}", data, headers)
        return json.load(urllib.request.urlopen(request))

    def bill(self, invoice):
        return self.api(f"bills?invoice_number={invoice}")["items"][0]

    def add(self, code, invoice, name, **more):
        body = {"payment_code": code, "invoice_number": invoice, "customer": {"name": name}}
        return self.api("bills", {"amount": 150_000} | body | more)

    def simulate(self, what, *options, secret="secret"):
        command = [self.loket, "simulate", what, f"{self.gateway}/doku/{what}"]
        account = ["--client-id", CLIENT_ID, "--secret-file", f"{self.folder}/{secret}"]
        return subprocess.run([*command, *account, *options], capture_output=True).returncode == 0

    def ask(self, code):
        """Whether an inquiry finds a bill that can be paid. It is in the journal afterwards."""
        id = str(uuid.uuid4())
        is_payable = self.simulate("inquiry", "--code", code, "--request-id", id)
        recent = lambda: [one["request_id"] for one in self.api("inquiries")["items"]]
        until(lambda: id in recent(), f"the inquiry {id} in the journal")
        return is_payable

    def pay(self, invoice, code, amount=150_000):
        options = ["--invoice", invoice, "--code", code, "--amount", str(amount)]
        assert self.simulate("notification", *options), f"payment of {invoice}"


def read_words():
    """The words of the page: by language and key."""
    line = re.compile(r'^(\w+): \{ id: "(.*)", en: "(.*)" \}$', re.MULTILINE)
    with open(f"{ROOT}/Sources/LoketAdmin/Pages/strings.yaml", encoding="utf-8") as file:
        found = line.findall(file.read())
    return {"id": {k: one for k, one, _ in found}, "en": {k: two for k, _, two in found}}


WORDS = read_words()


class Counter:
    """A browser at the counter page. Every page that it comes to is checked."""

    def __init__(self, service, folder, has_script=True):
        options = webdriver.ChromeOptions()
        for option in (
            "headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage",
            "no-first-run", "disable-background-networking", "lang=id",
            "window-size=1280,900", "force-prefers-reduced-motion",
            f"user-data-dir={folder}/profile-{has_script}",
        ):
            options.add_argument(f"--{option}")
        script = {} if has_script else {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", {"intl.accept_languages": "id"} | script)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.binary_location = "/usr/bin/chromium"
        self.driver = webdriver.Chrome(options, Driver("/usr/bin/chromedriver"))
        self.service, self.language, self.checked = service, "id", 0
        with open(os.path.join(os.path.dirname(__file__), "checks.js"), encoding="utf-8") as file:
            self.checks = file.read()

    # MARK: Reading

    def word(self, key, **values):
        text = WORDS[self.language][key]
        for name, value in values.items():
            text = text.replace("{%s}" % name, value)
        return text

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def wait(self, condition, what):
        # A part of the page may be replaced in the moment.
        missing = [NoSuchElementException, StaleElementReferenceException]
        waiting = WebDriverWait(self.driver, SECONDS, 0.05, missing)
        return waiting.until(lambda _: condition(), what)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    @property
    def text(self):
        return self.find("main").text

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.service.url)

    def sees(self, *texts):
        for text in texts:
            assert text in self.text, f"{self.path} does not show “{text}”:\n{self.text}"

    # MARK: Using

    def open(self, path, refused=None):
        self.driver.get(self.service.url + path)
        self.check(refused)

    def fill(self, field, text):
        """Types into a field, which has the id or the name."""
        element = self.find(f"main :is(#{field}, [name='{field}'])")
        if element.get_attribute("type") == "date":
            self.script("arguments[0].value = arguments[1]", element, text)
        else:
            element.clear()
            element.send_keys(text)

    def parts(self, selector, text):
        """The elements with a text in them."""
        return [element for element in self.all(selector) if text in element.text]

    def control(self, text, inside="body"):
        """The link, button or summary with a text, inside an element or the first of a selector."""
        root = self.find(inside) if isinstance(inside, str) else inside
        found = [
            element
            for element in root.find_elements(By.CSS_SELECTOR, "a, button, summary")
            if element.is_displayed() and element.text.strip() == text
        ]
        assert found, f"{self.path} has no “{text}”:\n{self.text}"
        return found[0]

    def press(self, control, refused=None):
        """Uses a link or a button that leads to a page.

        refused: the statuses of which the page has one, if the service refuses what was sent.
        """
        element = self.control(control) if isinstance(control, str) else control
        self.leave(element.click, refused)

    def leave(self, act, refused=None):
        """Acts, and waits for the page that follows."""
        old = self.find("html")
        act()
        self.wait(lambda: self.is_gone(old), "another page")
        self.wait(lambda: self.script("return document.readyState") == "complete", "the page")
        self.check(refused)

    def is_gone(self, element):
        try:
            return element.tag_name is None
        except WebDriverException as error:
            return bool(re.search("stale|no such|detached|does not belong", str(error)))

    # MARK: What every page has to keep to

    def check(self, refused=None):
        where = f"{urlsplit(self.driver.current_url).path} ({self.language})"
        status = self.script("return performance.getEntriesByType('navigation')[0].responseStatus")
        assert status in (refused or [200]), f"{where}: {status}"
        self.check_console(where, status)
        send = self.driver.execute_cdp_cmd
        size = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": False}
        send("Emulation.setDeviceMetricsOverride", size)
        self.wait(lambda: self.script("return innerWidth") == 360, "360 px")
        for theme in ("light", "dark"):
            feature = {"name": "prefers-color-scheme", "value": theme}
            send("Emulation.setEmulatedMedia", {"features": [feature]})
            faults = self.script(self.checks, self.language, theme == "dark")
            assert not faults, f"{where}, {theme}:\n" + "\n".join(faults)
        send("Emulation.setEmulatedMedia", {"features": []})
        send("Emulation.clearDeviceMetricsOverride", {})
        self.wait(lambda: self.script("return innerWidth") > 1000, "the desk's width")
        self.checked += 1

    def check_console(self, where, status):
        """A browser itself reports the status of a page that is refused, and nothing else."""
        usual = f"responded with a status of {status}" if status >= 400 else "(nothing)"
        for entry in self.driver.get_log("browser"):
            is_bad = entry["level"] in ("SEVERE", "WARNING") and usual not in entry["message"]
            assert not is_bad, f"{where}: {entry}"
