"""Takes pictures of the counter page for scripts/screenshots: PROGRAM [--all FOLDER]."""

import base64
import contextlib
import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from selenium import webdriver

loket, *choice = sys.argv[1:]
images = pathlib.Path(choice[1] if choice else "docs/images")
NAMES = """Anton Budiman, Siti Rahayu, Agus Setiawan, Nur Aini, Dewi Lestari, Joko Susilo,
Rina Wati, Eko Prasetyo, Sri Wahyuni, Lina Marlina, Maya Sari, Bambang Hartono, Budi Hartanto"""
BILLS = [(f"889651202600{n:02}", f"INV-2026-{n:04}", (150, 275, 75, 1_250)[n % 4] * 1_000, name)
         for n, name in enumerate(re.split(r",\s", NAMES), 1)]
EXPIRED = BILLS.pop()
FAULTY = """kode pembayaran;nomor tagihan;jumlah;nama pelanggan
88965120260101;INV-2026-0101;150.000;Yusuf Maulana
8,9E+13;INV-2026-0102;80.000;Wulan Sari
88965120260103;INV-2026-0103;1.50.000;"""
ROBOTO = """<fontconfig><match>
<test name="family" compare="not_eq"><string>monospace</string></test>
<edit name="family" mode="prepend_first" binding="strong"><string>Roboto</string></edit>
</match></fontconfig>"""
SCREENS = {
    "today": "", "why": f"why?q={EXPIRED[0]}", "why-unknown": f"why?q={EXPIRED[0][:-1]}",
    "why-names": "why?q=budi", "bills": "bills", "bill": "bills/1", "bill-new": "bills/new",
    "bill-edit": "bills/12/edit", "slip": "bills/12/slip", "money": "money", "payment": "money/1",
    "imports": "import", "import": "import/1", "import-faults": "import/2", "setup": "setup"}


def fill(folder, gateway, admin):
    """Makes the bills, and a day with inquiries and payments. Returns a key for the page."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7)))
    os.environ["LOKET_URL"] = admin
    os.environ["LOKET_ADMIN_KEY"] = (folder / "loket.db.admin-key").read_text().strip()

    def run(*words, code=0):
        done = subprocess.run([loket, *words], cwd=folder, capture_output=True, text=True)
        return done.stdout if done.returncode == code else sys.exit(f"{words}: {done}")

    def doku(what, bill, *words, code=0):
        run("simulate", what, f"{gateway}/doku/{what}", "--client-id", "MCH-0000-TRIAL",
            "--secret-file", "secrets/doku", "--code", bill[0], *words, code=code)

    rows = [f"{','.join(map(str, bill))},{(now + datetime.timedelta(days=7 + n)).date()}"
            for n, bill in enumerate(BILLS)]
    (folder / "tagihan.csv").write_text(
        "\n".join(["payment_code,invoice_number,amount,customer_name,expires_at", *rows]))
    (folder / "tagihan-susulan.csv").write_text(FAULTY)
    run("bills", "import", "tagihan.csv")
    run("bills", "import", "tagihan-susulan.csv", "--amount-format", "indonesian", code=1)
    run("bills", "add", "--code", EXPIRED[0], "--invoice", EXPIRED[1], "--amount", str(EXPIRED[2]),
        "--name", EXPIRED[3], "--expires", f"{now + datetime.timedelta(seconds=4):%FT%T+07:00}")
    for n, bill in enumerate(BILLS[:9]):
        doku("inquiry", bill)
        if n % 3 != 1:
            paid = bill[2] - (1_000 if n == 5 else 0)
            doku("notification", bill, "--invoice", bill[1], "--amount", str(paid))
    doku("inquiry", [EXPIRED[0][:-1]], code=1)
    while "bill_expired" not in run("bills", "quote", EXPIRED[0]):
        pass
    doku("inquiry", EXPIRED, code=1)
    return run("keys", "create", "sari", "--scope", "read", "--scope", "write").strip()


def picture(name, url, width, dark=False, scale=1, last="body"):
    """Writes the page, down to the end of the element `last`."""
    command = driver.execute_cdp_cmd
    command("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 800, "deviceScaleFactor": scale, "mobile": width < 500})
    command("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
    driver.get(url)
    wide, height = driver.execute_script(
        "const page = document.documentElement, end = document.querySelector(arguments[0]);"
        "return [page.scrollWidth, Math.min("
        "page.scrollHeight, Math.ceil(end.getBoundingClientRect().bottom) + 16)]", last)
    wide > width and print(f"{name} is {wide} px wide", file=sys.stderr)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = command("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
    (images / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


def take(page, key):
    def everywhere(name, path):
        for width, dark in (360, False), (360, True), (1280, False), (1280, True):
            picture(f"{name}-{width}{'-dark' * dark}", f"{page}/{path}", width, dark)

    if choice:
        everywhere("sign-in", "sign-in")
    driver.get(page)
    driver.find_element("id", "key").send_keys(key)
    driver.find_element("css selector", "button.main").click()
    # The page refreshes itself until it has the last inquiry.
    driver.find_element("link text", EXPIRED[3])
    for name, path in SCREENS.items() if choice else ():
        everywhere(name, path)
    if not choice:
        picture("why-phone", f"{page}/{SCREENS['why']}", 360, scale=2, last=".say")
        picture("today", page, 1280, last="#counters")
        picture("money", f"{page}/money", 1280, dark=True, last="main > :last-child")


images.mkdir(parents=True, exist_ok=True)
with tempfile.TemporaryDirectory() as temporary, contextlib.ExitStack() as stack:
    folder = pathlib.Path(temporary)
    subprocess.run([loket, "init", folder, "--trial"], check=True, stdout=subprocess.DEVNULL)
    service = subprocess.Popen(
        [loket, "serve"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "LOKET_GATEWAY_PORT": "0", "LOKET_ADMIN_PORT": "0"})
    stack.callback(service.communicate)
    stack.callback(service.terminate)
    log = ""
    while len(ports := dict(re.findall(r'"(admin|gateway)_port":"?(\d+)', log))) < 2:
        log += service.stdout.readline() or sys.exit("The service ended. Its log:\n" + log)
    gateway, admin = (f"http://127.0.0.1:{ports[name]}" for name in ("gateway", "admin"))
    (folder / "fontconfig").mkdir()
    (folder / "fontconfig/fonts.conf").write_text(ROBOTO)
    os.environ["XDG_CONFIG_HOME"] = temporary
    options = webdriver.ChromeOptions()
    options.arguments.extend(["--headless=new", "--no-sandbox", "--hide-scrollbars"])
    driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    stack.callback(driver.quit)
    driver.implicitly_wait(30)
    take(f"{admin}/ui", fill(folder, gateway, admin))
