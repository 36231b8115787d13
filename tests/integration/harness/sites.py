# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The plugin of sites under test: its host has an /etc of its own, in a mount namespace, and pomod is on a private bus."""

import os
import pathlib
import shutil
import subprocess

from gi.repository import Gio

from harness.loop import wait_until
from harness.plugins import STOP_TIMEOUT, PluginHost, make_profiles

# Of this computer, what programs cannot do without.
COPIED = ("passwd", "group", "ld.so.cache", "localtime", "host.conf")
GIVEN = {"hosts": "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n", "nsswitch.conf": "hosts: files dns\n", "hostname": "testbox\n",
         "resolv.conf": ""}
V4, V6 = "255.255.255.255", "ff00::"


class SitesHost(PluginHost):
    """A host whose other verbs see the same /etc."""

    def watch(self, etc):
        """Whoever waits looks again where a file of it is changed."""
        self.monitors = [Gio.File.new_for_path(str(path)).monitor_directory(Gio.FileMonitorFlags.NONE, None)
                         for path in (etc, *(path for path in etc.rglob("*") if path.is_dir()))]

    def finish(self):
        for monitor in self.monitors:
            monitor.cancel()
        super().finish()

    def run(self, *args, timeout=70):
        return subprocess.run([*self.bus.prefix, *self.prefix, str(self.program), *map(str, args)], env=self.env, cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=timeout)


class Sites:
    """`etc` is the folder that the host sees as /etc; `host` is not started yet; `client` is of the one who asks for blocks."""

    def __init__(self, etc, host, client, inside):
        self.etc, self.host, self.client, self.inside = etc, host, client, inside

    @property
    def hosts(self):
        """What is in /etc/hosts, as bytes; None where there is none."""
        path = self.etc / "hosts"
        return path.read_bytes() if path.exists() else None

    def blocked(self):
        """The names that lead nowhere by /etc/hosts, in both families."""
        found = {V4: set(), V6: set()}
        for line in (self.hosts or b"").decode(errors="replace").split("\n"):
            words = line.partition("#")[0].split()
            if words and words[0] in found:
                found[words[0]].update(words[1:])
        assert found[V4] == found[V6], f"one family alone: {found[V4] ^ found[V6]}"
        return found[V4]

    def wait_blocked(self, *names, timeout=STOP_TIMEOUT):
        """Until exactly these are blocked by /etc/hosts."""
        wait_until(lambda: self.is_blocked(names), f"{sorted(names)} to be blocked and no other name, not {self.hosts!r}", timeout)

    def wait_blocked_names(self, *names):
        """Until these are blocked by /etc/hosts, each with its www. and m."""
        self.wait_blocked(*(prefix + name for name in names for prefix in ("", "www.", "m.")))

    def host_runs(self, script):
        """What a shell says that sees the world of the host, which runs."""
        done = subprocess.run(["nsenter", *([] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]), "--mount", "--root", f"--target={self.host.pid}",
                               "sh", "-ec", script], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def is_blocked(self, names):
        try:
            return self.blocked() == set(names)
        except AssertionError:  # in place, it is being written
            return False

    def make_profile(self, name, block, client=None, **values):
        """A profile of the client that blocks these names, and has these values of sites beside: except_="…"."""
        lines = [f"[Profile {name}]", "Plugins=sites", f"sites.block={block}", *(f"sites.{key.rstrip('_')}={value}" for key, value in values.items())]
        make_profiles(client or self.client, "\n".join(lines) + "\n")

    def set_standing(self, **values):
        """Root's sites.conf: set_standing(Hosts="no")."""
        folder = self.host.folder / "plugin-conf"
        folder.mkdir(exist_ok=True)
        text = "[Settings]\n" + "".join(f"{key}={value}\n" for key, value in values.items())
        (folder / "sites.conf.new").write_text(text)
        (folder / "sites.conf.new").rename(folder / "sites.conf")

    def run_inside(self, *argv, **kwargs):
        """A program that sees the same /etc: the CompletedProcess."""
        return subprocess.run([*self.inside, *map(str, argv)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, **kwargs)


def make_etc(folder, etc):
    """An /etc with what programs cannot do without, and with files of these names: text, bytes, or None for none."""
    path = folder / "etc"
    path.mkdir(mode=0o755)
    for name in COPIED:
        if pathlib.Path("/etc", name).exists():
            shutil.copy(f"/etc/{name}", path / name)
    for name, content in {**GIVEN, **etc}.items():
        if content is None:
            continue
        file = path / name
        for parent in reversed(file.relative_to(path).parents[:-1]):
            (path / parent).mkdir(exist_ok=True, mode=0o755)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        file.chmod(0o644)
    return path


def enter(etc, more="true"):
    """What stands before a command that is to see `etc` as /etc; `more` is done there first, by a shell."""
    return ["unshare", "--mount", "sh", "-ec", f'mount --bind "$1" /etc\nshift\n{more}\nexec "$@"', "sh", str(etc)]
