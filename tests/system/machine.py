# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""A computer with a real systemd and pomod installed: booted, asked, switched off, or its power cut."""

import json
import os
import pathlib
import shlex
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
BOOT_TIMEOUT = 60


@dataclass
class Result:
    rc: int
    out: str
    err: str

    def ok(self):
        assert self.rc == 0, f"exit {self.rc}: {self.out}{self.err}"
        return self.out

    def json(self):
        return json.loads(self.ok())

    def lines(self):
        return [json.loads(line) for line in self.ok().splitlines()]


class Session:
    """A graphical session of a user, for as long as the block lasts: with it their manager comes and goes."""

    def __init__(self, machine, name):
        self.machine, self.name = machine, name

    def __enter__(self):
        self.process = self.machine.popen_session(self.name, "echo $XDG_SESSION_ID; read forever")
        self.number = self.process.stdout.readline().strip()
        assert self.number, f"{self.name} cannot log in"
        return self

    def __exit__(self, *_):
        self.process.stdin.write("\n")
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


class Machine:
    def __init__(self, build, folder, own_boot_id=False, login=False, keeps_all=False):
        """keeps_all: a power cut leaves every file as it was, not those of pomod alone."""
        self.boot_options = (["--own-boot-id"] if own_boot_id else []) + (["--login"] if login else [])
        self.build = build
        self.folder = folder
        self.console = folder / "console.log"
        self.disks = []  # what survives a power cut
        for name in ("pomod", "pomod-plugins", "pomod-world"):
            (folder / name).mkdir(exist_ok=True)
            self.disks.append(f"--bind={folder / name}:/var/lib/{name}")
        (folder / "pomod-world").chmod(0o1777)
        self.setup = {}  # shell commands before each boot, by what they are for: changes of /etc are not on these disks
        self.process = None
        self.leader = None
        self.disk = self.hold_disk() if keeps_all else None

    def hold_disk(self):
        """A process that does nothing but keep a file system in memory, in a mount namespace of its own."""
        holder = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "sh", "-ec",
                                   "mount -t tmpfs -o mode=0755,size=4g tmpfs /mnt; echo ready; read forever"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert holder.stdout.readline() == "ready\n"
        return holder

    def boot(self, until_up=True):
        """Returns when systemd says that it is up, or at once when it can be asked."""
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = self.folder / "notify"
        address.unlink(missing_ok=True)
        notify.bind(str(address))
        notify.settimeout(BOOT_TIMEOUT)
        env = {**os.environ, "NOTIFY_SOCKET": str(address), "POMOD_BOOT_LOG": str(self.console),
               "POMOD_BOOT_DISK": str(self.disk.pid) if self.disk else ""}
        self.process = subprocess.Popen([str(HERE / "boot"), str(self.build), *self.boot_options,
                                         *(f"--setup={command}" for command in self.setup.values()), *self.disks],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, env=env)
        self.leader = None
        ready = False
        try:
            while not (self.leader and (ready or not until_up)):
                for line in notify.recv(4096).decode().splitlines():
                    if line.startswith("X_NSPAWN_LEADER_PID="):
                        self.leader = int(line.split("=")[1])
                    ready = ready or line == "READY=1"
        except TimeoutError:
            self.power_cut()
            raise AssertionError(f"no boot within {BOOT_TIMEOUT} s:\n{self.output()}") from None
        finally:
            notify.close()
        if until_up:
            self.root("systemctl is-system-running --wait")
        return self

    def output(self):
        console = self.console.read_text(errors="replace") if self.console.exists() else ""
        return (self.process.stdout.read() if self.process.poll() is not None else "") + console

    def _inside(self, *command, env=(), stdin="", timeout=60):
        done = subprocess.run(
            ["nsenter", f"--target={self.leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root",
             "--", "env", "--chdir=/", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
             "LANG=C.UTF-8", *env, *command],
            input=stdin, capture_output=True, text=True, timeout=timeout, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def root(self, command, **kwargs):
        """A shell command as root."""
        return self._inside("/bin/sh", "-c", command, "HOME=/root", **kwargs)

    def until(self, command, timeout=30):
        """A shell command of root comes true: nobody tells of files, and of units only who asks for all of them."""
        done = self.root(f"timeout {timeout} sh -c {shlex.quote(f'until {command}; do sleep 0.1; done')}", timeout=timeout + 30)
        assert done.rc == 0, f"waited {timeout} s in vain for: {command}\n{done.out}{done.err}{self.journal()}"

    def user(self, name, command, **kwargs):
        """A shell command as an ordinary user, without a session."""
        return self._inside("setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups", "--", "/bin/sh", "-c", command,
                            env=[f"HOME=/home/pomod-test/{name}"], **kwargs)

    def popen_session(self, name, command):
        """A shell command in a graphical session of logind, running until it is told to end."""
        run = ["systemd-run", "--quiet", "--pipe", "--wait", "--collect", f"--uid={name}", "--property=PAMName=login",
               "--setenv=XDG_SESSION_TYPE=wayland", "--setenv=XDG_SESSION_CLASS=user", "--setenv=XDG_SEAT=seat0",
               "--setenv=PATH=/usr/bin:/bin", "--", "/bin/sh", "-c", command.replace("$", "$$")]
        return subprocess.Popen(
            ["nsenter", f"--target={self.leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root",
             "--", "env", "--chdir=/", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *run],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def pomoctl(self, name, *args, **kwargs):
        """pomoctl as that user ("root" too)."""
        command = shlex.join(["pomoctl", *map(str, args)])
        return self.root(command, **kwargs) if name == "root" else self.user(name, command, **kwargs)

    def uid(self, name):
        return int(self.root(f"id -u {name}").ok())

    def free_uid(self):
        """Of an ordinary user, if there were one."""
        return int(self.root("uid=1000; while getent passwd $uid >/dev/null; do uid=$((uid + 1)); done; echo $uid").ok())

    def systemctl_user(self, name, *words, **kwargs):
        """systemctl for the manager of a user who is logged in."""
        return self.user(name, f"XDG_RUNTIME_DIR=/run/user/$(id -u) systemctl --user {shlex.join(words)}", **kwargs)

    def user_object(self, name):
        """What pomod has for an account, as busctl wants it: its name and the path."""
        return f"org.pomod.Pomod1 /org/pomod/Pomod1/user/_{self.uid(name)}"

    def show(self, unit, *properties):
        out = self.root(f"systemctl show {unit} " + " ".join(f"-p {name}" for name in properties)).ok()
        return dict(line.split("=", 1) for line in out.splitlines())

    def journal(self):
        return self.root("journalctl --no-pager -b -o short-monotonic -u 'pomod*'").out

    def power_off(self):
        """In good order."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._gone()

    def power_cut(self):
        """Everything stops at once: nobody gets to write anything more."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self._gone()

    def throw_away(self):
        """With all that it wrote."""
        self.power_off()
        if self.disk:
            self.disk.communicate()
        shutil.rmtree(self.folder)

    def _gone(self):
        if not self.process:
            return
        self.process.wait(30)
        if self.leader:
            # The kernel takes the whole pid namespace down with its first process.
            try:
                fd = os.pidfd_open(self.leader)
                signal.pidfd_send_signal(fd, signal.SIGKILL)
                import select
                select.select([fd], [], [], 30)
                os.close(fd)
            except ProcessLookupError:
                pass
        self.leader = None
        self._remove_cgroup()

    def _remove_cgroup(self):
        for mount in pathlib.Path("/proc/mounts").read_text().splitlines():
            _, place, kind, options = mount.split()[:4]
            if kind == "cgroup2" or (kind == "cgroup" and "name=systemd" in options):
                top = pathlib.Path(place) / f"pomod-system.{self.process.pid}"
                if not top.exists():
                    continue
                for folder in sorted((path for path in top.rglob("*") if path.is_dir()), reverse=True):
                    try:
                        folder.rmdir()
                    except OSError:
                        pass
                try:
                    top.rmdir()
                except OSError:
                    pass
