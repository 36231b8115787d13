# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A screen without a monitor, and the bars that people have, each with one command whose lines it shows."""

import json
import os
import pathlib
import signal
import subprocess

from harness.loop import repeat_until

FONT = "DejaVu Sans Mono"
WIDTH, HEIGHT = 800, 160
MOUSE = {"left": "1", "middle": "2", "right": "3"}
END_TIMEOUT = 60


class Screen:
    """An X server. Pictures of it are compared byte by byte."""

    def __init__(self, folder, width=WIDTH, height=HEIGHT):
        self.folder = folder
        self.width, self.height = width, height
        reading, writing = os.pipe()
        self.log = open(folder / "xvfb.log", "wb")
        # -noreset: else it starts anew whenever its last client leaves, and turns away who comes meanwhile.
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-ac",
             "-noreset"],
            pass_fds=[writing], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        assert number, f"Xvfb did not start: {(folder / 'xvfb.log').read_text()}"
        self.env = {"DISPLAY": f":{number}"}

    def _run(self, *command):
        return subprocess.run(command, env={**os.environ, **self.env}, check=True, timeout=END_TIMEOUT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout

    def picture(self):
        return self._run("import", "-silent", "-window", "root", "ppm:-")

    def save(self, path, crop=None):
        cut = ["-crop", crop, "+repage"] if crop else []
        self._run("import", "-silent", "-window", "root", *cut, "-strip", str(path))

    def click(self, button, x, y):
        """And out of the way again: what lies under the mouse may look different."""
        self._run("xdotool", "mousemove", str(x), str(y), "click", MOUSE[button],
                  "mousemove", str(self.width // 2), str(self.height - 20))

    def has_title(self, words):
        """Whether a window has these in its title."""
        found = subprocess.run(["xdotool", "search", "--name", words], env={**os.environ, **self.env}, timeout=END_TIMEOUT,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return found.returncode == 0

    def has_text(self):
        """Whether anything on it is as bright as the bars' texts are, and their backgrounds are not."""
        return max(self.picture().split(b"\n", 3)[3]) > 0xC0

    def wait_other(self, before):
        """The next picture that is another one and stays, as a bar may draw in two steps."""
        last = [before]

        def stays():
            now = self.picture()
            same, last[0] = now == last[0], now
            return now if same and now != before else None
        return repeat_until(stays, "the screen to change")

    def wait_same(self, picture, what):
        """Until it looks like that; else a picture of what it looked like instead is left in the build."""
        try:
            repeat_until(lambda: self.picture() == picture, what)
        except AssertionError:
            instead = pathlib.Path(os.environ.get("POMOD_BUILD_DIR", "/tmp")) / "instead.png"
            self.save(instead)
            print(f"what it looked like instead: {instead}")
            raise

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(END_TIMEOUT)
        self.log.close()


class Bar:
    """One bar on the screen. `markup` turns plain text into what a line of the bar's own must say for it."""

    format = None
    click_at = None

    def __init__(self, screen, folder, env, command, uid=None):
        self.screen = screen
        self.folder = folder
        self.env = {**env, **screen.env}
        self.uid = uid
        folder.mkdir(exist_ok=True)
        script = folder / "status"
        script.write_text(f"#!/bin/sh\nexec {command}\n")
        script.chmod(0o755)
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        self.env["XDG_RUNTIME_DIR"] = str(runtime)
        if uid is not None:
            os.chown(folder, uid, uid)
            os.chown(runtime, uid, uid)
        self.log = open(folder / "bar.log", "ab")
        # A group of its own: a bar's children end with it, whatever it does about them.
        self.process = subprocess.Popen(self.arguments(script), env=self.env, stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, start_new_session=True, cwd=folder)

    def arguments(self, script):
        raise NotImplementedError

    @staticmethod
    def markup(text):
        return text

    def setpriv(self):
        if self.uid is None:
            return []
        return ["setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups"]

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def click(self, button):
        self.screen.click(button, *self.click_at)

    def close(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(5)
                break
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.log.close()


class I3bar(Bar):
    """Started by i3, as it always is."""
    format = "i3bar"
    click_at = (WIDTH - 12, 12)

    def arguments(self, script):
        return [*self.setpriv(), "i3", "-c", self.write("i3.conf", f"""# i3 config file (v4)
font pango:{FONT} 14
ipc-socket {self.folder}/ipc
bar {{
    status_command {script}
    position top
    workspace_buttons no
    tray_output none
    font pango:{FONT} 14
}}
""")]


class Polybar(Bar):
    format = "polybar"
    click_at = (12, 16)

    def arguments(self, script):
        return [*self.setpriv(), "polybar", "-c", self.write("polybar.ini", f"""
[bar/main]
width = 100%
height = 32
background = #222222
foreground = #dddddd
font-0 = {FONT}:size=14;3
modules-left = pomod
padding-left = 1
enable-ipc = false
[module/pomod]
type = custom/script
exec = {script}
tail = true
"""), "main"]

    @staticmethod
    def markup(text):
        """Another tag between the two characters than pomobar's: only both as nothing look the same."""
        return text.replace("%{", "%%{T-}{")


class Waybar(Bar):
    """In sway, which runs in a window of the screen: so that the mouse reaches it. Neither runs as root."""
    format = "waybar"
    click_at = (12, 16)

    def arguments(self, script):
        pomobar = self.env.get("POMOBAR", "pomobar")
        module = {"exec": str(script), "return-type": "json", "on-click": f"{pomobar} click left",
                  "on-click-middle": f"{pomobar} click middle", "on-click-right": f"{pomobar} click right",
                  "tooltip": False}
        config = self.write("waybar.json", json.dumps(
            {"layer": "top", "height": 32, "modules-left": ["custom/pomod"], "custom/pomod": module}))
        style = self.write("waybar.css", f"""
* {{ font-family: "{FONT}"; font-size: 18px; transition: none; animation: none; border: none; }}
window#waybar {{ background: #222222; color: #dddddd; }}
#custom-pomod {{ padding: 0 6px; }}
#custom-pomod.away {{ color: #888888; }}
""")
        self.env.update({"WLR_BACKENDS": "x11", "WLR_RENDERER": "pixman",
                         "WLR_LIBINPUT_NO_DEVICES": "1", "GDK_BACKEND": "wayland", "GTK_A11Y": "none",
                         "NO_AT_BRIDGE": "1"})
        return [*self.setpriv(), "sway", "-c", self.write("sway.conf", f"""
xwayland disable
output * resolution {self.screen.width}x{self.screen.height}
seat * hide_cursor 100
exec waybar -c {config} -s {style}
""")]

    @staticmethod
    def markup(text):
        """The line that makes waybar show this very text."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return json.dumps({"text": escaped, "class": "away" if text == "pomod is away" else "other"})


BARS = {kind.format: kind for kind in (I3bar, Polybar, Waybar)}


class Feed:
    """A command for a bar that shows the lines which the test gives it: what the real one is compared with."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "feed"
        os.mkfifo(self.path)
        self.path.chmod(0o644)
        self.command = f"cat {self.path}"
        self._file = os.open(self.path, os.O_RDWR)

    def say(self, line):
        os.write(self._file, line.encode() + b"\n")

    def wait_shown(self, screen, line):
        """Until a bar that comes up has drawn words. i3bar drops what it reads first: that is to be a header."""
        repeat_until(lambda: self.say(line) or screen.has_text(), "the first words")

    def close(self):
        os.close(self._file)
