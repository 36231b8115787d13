# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The real Chromium without a screen, driven through chromedriver, and pages for it to show."""

import http.server
import json
import os
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.request

from harness.loop import repeat_until

BLOCKED = "ERR_BLOCKED_BY_ADMINISTRATOR"
PAGE = "this is the page of "


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        text = f"<html><body>{PAGE}{self.headers['Host'].split(':')[0]}</body></html>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Pages(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Page)
        self.thread = threading.Thread(target=self.serve_forever)
        self.thread.start()

    @property
    def port(self):
        return self.server_address[1]

    def close(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Browser:
    """
    Chromium with a profile of its own. It finds every name at `pages` by itself, so that its policies alone block; `by_names`: it
    asks name services, so that it goes where /etc/hosts leads.
    """

    def __init__(self, folder, inside, pages, by_names=False):
        folder.mkdir()
        self.pages, self.log_path = pages, folder / "log"
        rules = [] if by_names else [f"--host-resolver-rules=MAP * 127.0.0.1:{pages.port}"]
        with open(self.log_path, "wb") as log:
            # A process group, which ends as one: the browser has many processes.
            self.driver = subprocess.Popen([*inside, "chromedriver", "--port=0"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                           env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
                                           start_new_session=True)
        started = repeat_until(lambda: re.search(rb"started successfully on port (\d+)", self.log_path.read_bytes()), "chromedriver to start")
        self.url = f"http://127.0.0.1:{int(started[1])}/session"
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={folder}/profile", "--window-size=900,560", *rules]
        self.url += "/" + self.ask("", {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": {
            "binary": "/usr/bin/chromium", "args": arguments}}}})["sessionId"]

    def ask(self, path, body=None):
        """A command of WebDriver: its value."""
        request = urllib.request.Request(self.url + path, None if body is None else json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def visit(self, name):
        """What the browser shows of http://NAME/: "page", BLOCKED, or what an error page says."""
        try:
            self.ask("/url", {"url": f"http://{name}/"})
        except urllib.error.HTTPError as error:
            message = json.load(error)["value"]["message"]
            assert "ERR_" in message, message
        return self.shows(name)

    def shows(self, name):
        """The same of what it shows already."""
        # An error page has no text of its own: it makes it from this.
        script = "return window.loadTimeDataRaw ? JSON.stringify(loadTimeDataRaw) : document.body.innerText"
        text = self.ask("/execute/sync", {"script": script, "args": []})
        if "This page is blocked" in text or BLOCKED in text:
            return BLOCKED
        return "page" if text == PAGE + name else text

    def picture(self):
        return self.ask("/screenshot")

    def close(self):
        os.killpg(self.driver.pid, signal.SIGKILL)
        self.driver.wait()
