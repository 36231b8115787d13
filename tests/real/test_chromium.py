# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""What the real Chromium makes of our policies, while it runs; and that `focus test` says the same."""

import json
import subprocess
import time

import pytest

from chromium import BLOCKED
from harness.plugins import engage, release

MANAGED = "chromium/policies/managed"


# A browser reads its policies anew five seconds after a change, and with everything else that can wait: not while it starts, nor while
# it opens one page after the other.
QUIET_SEC = 9


def wait_shown(browser, name, wanted, times=8):
    """Within one quiet spell where the computer is not busy with other things."""
    begun = time.monotonic()
    for _ in range(times):
        time.sleep(QUIET_SEC)
        shown = browser.visit(name)
        if shown == wanted:
            print(f"{name}: {wanted} after {time.monotonic() - begun:.1f} s")
            return
    raise AssertionError(f"{name} is {shown}, not {wanted}")


def test_a_running_browser_blocks_and_opens(real_sites, make_browser):
    sites = real_sites()
    sites.set_standing(Hosts="no")
    sites.make_profile("deep", "listed.example")
    sites.host.start()
    browser = make_browser(sites)
    for name in ("listed.example", "www.listed.example", "other.example"):
        assert browser.visit(name) == "page"
    time.sleep(QUIET_SEC)
    claim = engage(sites.client, "deep")
    # What is open stays open.
    assert browser.shows("other.example") == "page"
    wait_shown(browser, "listed.example", BLOCKED)
    assert browser.visit("www.listed.example") == BLOCKED
    assert browser.visit("other.example") == "page"
    release(sites.client, claim)
    wait_shown(browser, "listed.example", "page")
    assert not (sites.etc / "chromium/policies").exists()


def test_an_administrators_list_beside_ours(real_sites, make_browser):
    admin = {"URLBlocklist": ["theirs.example", "shared.example"], "URLAllowlist": ["open.example"]}
    sites = real_sites(etc={f"{MANAGED}/admin.json": json.dumps(admin)})
    sites.set_standing(Hosts="no")
    sites.make_profile("deep", "listed.example;open.example;shared.example")
    claim = engage(sites.client, "deep")
    sites.host.start()
    browser = make_browser(sites)
    wait_shown(browser, "listed.example", BLOCKED)
    assert [browser.visit(name) for name in ("theirs.example", "shared.example", "open.example", "other.example")] == [BLOCKED, BLOCKED, "page", "page"]
    (sites.etc / MANAGED / "admin.json").write_text(json.dumps({"URLBlocklist": ["new.example"]}))
    wait_shown(browser, "new.example", BLOCKED)
    assert [browser.visit(name) for name in ("listed.example", "open.example", "theirs.example")] == [BLOCKED, BLOCKED, "page"]
    release(sites.client, claim)
    wait_shown(browser, "listed.example", "page")
    assert browser.visit("new.example") == BLOCKED


def test_exceptions(real_sites, make_browser):
    sites = real_sites()
    sites.set_standing(Hosts="no")
    sites.make_profile("deep", "listed.example", except_="mail.listed.example")
    engage(sites.client, "deep")
    sites.host.start()
    browser = make_browser(sites)
    wait_shown(browser, "listed.example", BLOCKED)
    assert [browser.visit(name) for name in ("www.listed.example", "m.listed.example", "mail.listed.example")] == [BLOCKED, BLOCKED, "page"]


def test_a_thousand_names(real_sites, make_browser):
    """What pomod says that it left out is what the browser leaves open."""
    sites = real_sites()
    sites.set_standing(Hosts="no")
    sites.make_profile("deep", ";".join(f"n{number:04}.example" for number in range(1001)))
    engage(sites.client, "deep")
    sites.host.start()
    browser = make_browser(sites)
    wait_shown(browser, "n0000.example", BLOCKED)
    assert [browser.visit(name) for name in ("n0500.example", "n0999.example", "n1000.example")] == [BLOCKED, BLOCKED, "page"]


# Files of a folder, and what the browser makes of b.example: the same as policy.c.
FILES = [
    {"a.json": '{"URLBlocklist": ["b.example",],}'},
    {"a.json": '// why\n{"URLBlocklist": /* what */ ["b.example"]}'},
    {"a.json": '\ufeff{"URLBlocklist": ["b.example"]}'},
    {"a.json": "{'URLBlocklist': ['b.example']}"},
    {"a.json": '{"URLBlocklist": ["b.example"]} x'},
    {"a.json": '{"URLBlocklist": ["b.example"]} /* x'},
    {"a.json": '{"URLBlocklist": [7, "B.Example"]}'},
    {"a.json": '{"URLBlocklist": [".b.example"], "URLAllowlist": ["b.example"]}'},
    {"a.json": '{"URLBlocklist": ["b.example"], "URLAllowlist": [".b.example"]}'},
    {"a.json": '{"URLBlocklist": ["b.example"], "URLAllowlist": ["*", "example"]}'},
    {"a.json": '{"URLBlocklist": ["*"], "URLAllowlist": ["example"]}'},
    {"a.json": '{"URLBlocklist": [".example", "*.example", "*://b.example", "b.example/path"]}'},
    {"a.json": '{"URLBlocklist": ["https://b.example:443/"]}'},
    {"a.json": '{"URLBlocklist": ["b.example"]}', "z": '{"URLBlocklist": ["c.example"]}'},
    {"a.json": '{"URLBlocklist": ["b.example"]}', "z": '{"URLBlocklist": "c.example"}'},
    {"a.json": '{"URLBlocklist": ["b.example"]}', "z": '{"URLBlocklist": ["c.example"]'},
    {"~pomod.json": '{"URLBlocklist": ["b.example"]}', ".z": '{"URLBlocklist": []}', "z~": '{"URLBlocklist": []}'},
    {"~pomod.json": '{"URLBlocklist": ["b.example"]}', "\u00e9.json": '{"URLBlocklist": []}'},
]


@pytest.mark.parametrize("files", FILES, ids=[str(number) for number in range(len(FILES))])
def test_files_are_read_as_the_browser_reads_them(real_sites, pages, folder, files):
    sites = real_sites(etc={f"{MANAGED}/{name}": text for name, text in files.items()})
    done = subprocess.run([*sites.inside, "timeout", "60", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={folder}/profile",
                           f"--host-resolver-rules=MAP * 127.0.0.1:{pages.port}", "--dump-dom", "https://b.example/"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "HOME": str(folder)})
    assert "ERR_" in done.stderr, done
    probed = sites.host.run("--probe", "sites", "b.example", f"--bus={sites.host.bus.address}")
    found = next(line for line in probed.stdout.splitlines() if line.startswith("Chromium: "))
    assert ("~pomod.json" in found or "by its policy in" in found) == (BLOCKED in done.stderr), (found, done.stderr)
