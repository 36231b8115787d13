# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
The host of sites is killed, or its disk is full, while it writes /etc/hosts, also in place, where no rename helps. What is somebody
else's is there byte for byte whatever the moment, and names are blocked as the claims say. POMOD_KILLS=1 does it at every system call.
"""

import re
import shutil
import signal

import pytest

from harness.loop import repeat_until
from harness.plugins import engage, release
from harness.sites import GIVEN
from test_plugin_kills import EVERY, TOUCHES, dice, strace

FRONT, BEHIND = GIVEN["hosts"].encode(), b"10.0.0.1 behind.example\n10.0.0.2 also.behind.example"
MORE = ",fallocate,fchmod,fchown,fsetxattr"
SHORT, LONG = "www.short.example", ";".join(f"www.{number}.long.example" for number in range(40))
WIDE = ";".join(f"www.{number}.wide.example" for number in range(600))
NAMES = {"short": [SHORT], "long": LONG.split(";"), "wide": WIDE.split(";"), None: []}
TOUCHED = re.compile(r'/etc/hosts\b|/etc/elsewhere\b|\.pomod-new|</etc>|"hosts"|/plugin-state/sites/saved')


class Scene:
    """A host of sites that goes from one profile to another, on a file that can be put back to where it was."""

    def __init__(self, make_sites, in_place, before, after):
        etc, more = {"hosts": FRONT}, "true"
        if in_place:
            etc, more = {"elsewhere/hosts": FRONT}, "mount --bind /etc/elsewhere/hosts /etc/hosts"
        self.sites = make_sites(etc=etc, more=more)
        self.sites.set_standing(Chromium="no")
        self.path = self.sites.etc / ("elsewhere/hosts" if in_place else "hosts")
        self.host, self.client = self.sites.host, self.sites.client
        self.inside, self.kept = list(self.host.prefix), self.host.folder / "kept"
        self.after = after
        for name, block in (("short", SHORT), ("long", LONG), ("wide", WIDE)):
            self.sites.make_profile(name, block)
        self.begin(before)

    def begin(self, before):
        """What was so before, and what is to be by now. Somebody has put lines behind ours."""
        claim = engage(self.client, before) if before else 0
        self.host.start()
        self.is_exact(before, FRONT)
        assert self.host.stop() == 0
        with open(self.path, "ab") as file:
            file.write(BEHIND)
        if before:
            release(self.client, claim)
        if self.after:
            engage(self.client, self.after)
        shutil.copytree(self.host.state, self.kept)
        self.text = self.path.read_bytes()

    def back(self):
        self.path.write_bytes(self.text)
        (self.sites.etc / ".pomod-new").unlink(missing_ok=True)
        for path in self.host.state.iterdir():
            shutil.rmtree(path)
        shutil.copytree(self.kept, self.host.state, dirs_exist_ok=True)

    def parts(self):
        """The names of ours, and all else."""
        names, foreign = set(), []
        for line in self.path.read_bytes().splitlines(True):
            if line.endswith(b" # pomod\n"):
                names.update(line.decode().split()[1:-2])
            elif not re.match(rb"# (BEGIN|END) pomod", line):
                foreign.append(line)
        return names, b"".join(foreign)

    def is_exact(self, profile, foreign=FRONT + BEHIND):
        # Between two lines of others, an end of a line may be ours.
        expected = (set(NAMES[profile]), foreign)
        repeat_until(lambda: (lambda now: (now[0], now[1].rstrip(b"\n")) == (expected[0], foreign.rstrip(b"\n")))(self.parts()),
                     f"{profile} to be blocked and all else to stay: {self.parts()}")
        assert not (self.sites.etc / ".pomod-new").exists()

    def spawn(self, *prefix):
        self.host.prefix = [*self.inside, *prefix]
        self.host.spawn()
        self.host.prefix = self.inside

    def run(self, *prefix):
        """Until it is ready and stops, or is killed."""
        self.spawn(*prefix)
        self.host.wait_ready()
        if self.host.alive():
            self.host.process.terminate()
        return self.host.process.wait(30)

    def traced(self, output, *more):
        return [word + MORE if word == f"--trace={TOUCHES}" else word for word in strace(output, *more)]

    def touching_calls(self, output):
        """(call, n) of the main thread, as strace counts each call by itself, and those that write the file."""
        assert self.run(*self.traced(output)) == 0
        repeat_until(lambda: "+++ exited" in output.read_text(), "strace to write the last line")
        pid, counts, found = str(self.host.process.pid), {}, []
        for line in output.read_text().splitlines():
            begun = re.match(rf"{pid} +(\w+)\(", line)
            if begun:
                counts[begun[1]] = counts.get(begun[1], 0) + 1
                if TOUCHED.search(line):
                    found.append((begun[1], counts[begun[1]]))
        return found

    def ends(self):
        """All of ours goes, and nothing else."""
        done = self.host.run("--release", "sites")
        assert done.returncode == 0, done.stderr
        assert self.path.read_bytes() == FRONT + BEHIND


CHANGES = [(None, "long"), ("short", "long"), ("long", "short"), ("long", None)]


@pytest.mark.parametrize("before, after", CHANGES)
@pytest.mark.parametrize("in_place", [True, False], ids=["in place", "by rename"])
def test_kills_at_system_calls(make_sites, folder, in_place, before, after):
    """In the same boot and in others, by turns."""
    rolls = dice()
    scene = Scene(make_sites, in_place, before, after)
    calls = scene.touching_calls(folder / "strace")
    scene.is_exact(after)
    changing = {"pwrite64", "ftruncate", "fsync"} if in_place else {"pwrite64", "renameat", "fsync"}
    assert {"openat", *changing} <= {call for call, _ in calls}, calls
    killed = 0
    # What writes the file itself is where something can be lost.
    writes = [call for call in calls if call[0] in changing]
    for call, when in calls if EVERY else rolls.sample(writes, 1):
        scene.back()
        if scene.run(*scene.traced(folder / "strace", f"--inject={call}:signal=SIGKILL:when={when}")) == 0:
            continue  # this time it did without that call
        killed += 1
        assert scene.host.process.returncode == -signal.SIGKILL
        reboots = killed % 2 == 0 if EVERY else rolls.random() < 0.5
        print(f"killed at {call} number {when}", "and booted" if reboots else "")
        if reboots:
            scene.host.reboot()
        assert scene.host.start() and scene.host.stop() == 0
        scene.is_exact(after)
        scene.ends()
    print(f"killed at {killed} of {len(calls)} system calls")
    assert killed > 0


@pytest.mark.parametrize("before, after", CHANGES if EVERY else CHANGES[1:3])
@pytest.mark.parametrize("in_place", [True, False], ids=["in place", "by rename"])
def test_errors_at_system_calls(make_sites, folder, in_place, before, after):
    """Once: it is tried again, and succeeds. The file is never half of one and half of another."""
    rolls = dice()
    scene = Scene(make_sites, in_place, before, after)
    calls = [call for call in scene.touching_calls(folder / "strace") if call[0] not in ("openat", "close", "unlinkat")]
    scene.is_exact(after)
    for call, when in calls if EVERY else rolls.sample(calls, 1):
        error = rolls.choice(["ENOSPC", "EIO"])
        print(f"{error} at {call} number {when}")
        scene.back()
        scene.spawn(*scene.traced(folder / "strace", f"--inject={call}:error={error}:when={when}"))
        scene.host.wait_ready()
        repeat_until(lambda: scene.parts()[0] == set(NAMES[after]), f"{after} to be blocked in the end")
        scene.host.process.terminate()
        assert scene.host.process.wait(30) == 0
        scene.is_exact(after)
        scene.ends()


@pytest.mark.parametrize("in_place", [True, False], ids=["in place", "by rename"])
def test_a_disk_that_stays_full(make_sites, folder, in_place):
    """Nothing is blocked, nothing is lost, and it is said; once there is room it is blocked."""
    scene = Scene(make_sites, in_place, None, "long")
    calls = [when for call, when in scene.touching_calls(folder / "strace") if call == "pwrite64"]
    scene.back()
    scene.spawn(*scene.traced(folder / "strace", f"--inject=pwrite64:error=ENOSPC:when={calls[0]}+"))
    scene.host.wait_ready()
    assert scene.path.read_bytes() == FRONT + BEHIND
    assert not (scene.sites.etc / ".pomod-new").exists()
    scene.host.process.terminate()
    assert scene.host.process.wait(30) == 0
    assert "No space left on device" in scene.host.log()
    assert scene.host.start() and scene.host.stop() == 0
    scene.is_exact("long")
    scene.ends()


# ---- what others write after a kill ----

LATER = b"\n10.0.0.3 later.example\n"


def killed_in_place(scene, folder, calls):
    """Each time that it was killed and left its record, and before it is started again."""
    record = scene.host.state / "sites/saved/hosts-in-place"
    for call, when in calls:
        scene.back()
        if scene.run(*scene.traced(folder / "strace", f"--inject={call}:signal=SIGKILL:when={when}")) != 0 and record.exists():
            print(f"killed at {call} number {when}")
            yield


def test_a_write_in_place_that_was_done_is_not_taken_for_one_cut_short(make_sites, folder):
    scene = Scene(make_sites, True, "short", "long")
    calls = [call for call in scene.touching_calls(folder / "strace") if call[0] in ("pwrite64", "ftruncate", "fsync", "unlinkat")]
    killed = 0
    for _ in killed_in_place(scene, folder, calls if EVERY else calls[-6:]):
        killed += 1
        with open(scene.path, "ab") as file:
            file.write(LATER)
        assert scene.host.start() and scene.host.stop() == 0
        scene.is_exact("long", FRONT + BEHIND + LATER)
    assert killed > 0


def test_a_write_in_place_that_was_cut_short_at_a_page(make_sites, folder):
    """As a kill or a power cut leaves it, which no kill at a system call does."""
    scene = Scene(make_sites, True, "long", "wide")
    calls = [call for call in scene.touching_calls(folder / "strace") if call[0] == "pwrite64"]
    old, new = scene.text, scene.path.read_bytes()
    assert len(new) > 6 * 4096
    for _ in killed_in_place(scene, folder, calls[-1:]):
        break
    else:
        assert False, "it was not killed in its write"
    kept = folder / "killed"
    shutil.copytree(scene.host.state, kept)
    for mixed in (new[:4096] + old[4096:], new[:4 * 4096], new[:4096] + bytes(4096) + new[2 * 4096:]):
        for path in scene.host.state.iterdir():
            shutil.rmtree(path)
        shutil.copytree(kept, scene.host.state, dirs_exist_ok=True)
        scene.path.write_bytes(mixed)
        assert scene.host.start() and scene.host.stop() == 0
        scene.is_exact("wide")
