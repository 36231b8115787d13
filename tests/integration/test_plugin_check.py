# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""--check and --describe: whoever looks at a plugin runs its code, and as nobody where that was root."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]

PLUGIN = r"""
#include <pomo-plugin.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((constructor)) static void begin(void) {
    %s
}
%s
static int apply(void *state, const PomoDesired *desired) { return 0; }
static int release(PomoHost *host, const PomoHostCalls *calls) { return 0; }
const PomoPlugin pomo_plugin_1 = { .abi = POMO_PLUGIN_ABI, .scope = POMO_SESSION, .size = sizeof(PomoPlugin), .name = "made",
    .version = "1", .sentence = "Was made for a test", .settings = settings, .n_settings = sizeof(settings) / sizeof(settings[0]), .apply = apply, .release = release };
"""
SAYS_WHO = r"""
    char text[200];
    snprintf(text, sizeof(text), "%d %d %d %d %d %d %d\n", getuid(), geteuid(), getgid(), getegid(), getgroups(0, NULL),
             setuid(0) == 0, setgroups(0, NULL) == 0);
    (void) !write(1, text, strlen(text));
"""


@pytest.fixture
def host(program, env):
    """host("--check", …): what came of it."""
    def run(*args, **kwargs):
        return subprocess.run([program("pomod-plugin-host"), *map(str, args)], env=env, text=True, timeout=30,
                              stdin=subprocess.DEVNULL, **{"capture_output": True} | kwargs)
    return run


@pytest.fixture
def made(folder):
    """made(code): made.so, whose constructor runs that code, in a folder that everybody may read; sentences: of its settings."""
    def make(code="", sentences=()):
        rows = "".join(f'{{ sizeof(PomoSetting), "k{i}", 0, "{sentence}", POMO_TEXT, POMO_STANDING }},'
                       for i, sentence in enumerate(sentences))
        settings = f"static const PomoSetting settings[] = {{ {rows} }};"
        place = folder / "made"
        place.mkdir(mode=0o755, exist_ok=True)
        (place / "made.c").write_text(PLUGIN % (code, settings))
        subprocess.run(["cc", "-shared", "-fPIC", "-w", "-D_GNU_SOURCE", f"-I{SOURCE}/plugins/api", "-o", place / "made.so",
                        place / "made.c"], check=True)
        return place / "made.so"
    return make


def refused(result):
    """The one sentence of a run that failed."""
    assert result.returncode == 1 and result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("pomod-plugin-host: ")
    return lines[0].removeprefix("pomod-plugin-host: ")


def test_beside_each_plugin_lies_what_it_says(host, build_dir):
    plugin = build_dir / "plugins/modules/example.so"
    described = host("--describe", plugin)
    assert (described.returncode, described.stderr) == (0, "")
    assert plugin.with_suffix(".json").read_text() == described.stdout
    assert list(json.loads(described.stdout)) == ["name", "version", "abi", "scope", "sentence", "settings"]
    checked = host("--check", plugin)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "example 1: a host takes it\n", "")


def test_what_lies_beside_it_is_compared(host, made):
    plugin = made()
    beside = plugin.with_suffix(".json")
    how = f"pomod-plugin-host --describe {plugin} > {beside}"
    assert host("--check", plugin).stdout == f"made 1: a host takes it; pomod knows its settings once its NAME.json is there: {how}\n"

    described = host("--describe", plugin).stdout
    # The order of members and blanks say nothing.
    beside.write_text(json.dumps(dict(reversed(json.loads(described).items()))))
    assert host("--check", plugin).returncode == 0
    for other in (described.replace("session", "system"), described.replace('"1"', '"2"'), described + "x", described[:-3], "", "null"):
        beside.write_text(other)
        assert refused(host("--check", plugin)) == f"made.json beside it says something else than the plugin; {how}"
    beside.write_text(described + " " * (65536 - len(described)))
    assert host("--check", plugin).returncode == 0
    beside.write_text(described + " " * (65537 - len(described)))
    assert refused(host("--check", plugin)) == f"made.json beside it cannot be read: File too large; {how}"
    beside.unlink()
    beside.mkdir()
    assert refused(host("--check", plugin)) == f"made.json beside it cannot be read: Is a directory; {how}"
    beside.rmdir()
    os.mkfifo(beside)
    assert refused(host("--check", plugin)) == f"made.json beside it says something else than the plugin; {how}"


def test_what_is_more_than_pomod_reads(host, made):
    """64 KiB: 64 settings, quotes count twice."""
    at_most = [r'\"' * 512] * 55 + ["x", "x"]
    left = 65536 - len(host("--describe", made(sentences=at_most)).stdout)
    for i in (-2, -1):
        at_most[i] += "x" * min(left, 500)
        left -= min(left, 500)
    plugin = made(sentences=at_most)
    assert len(host("--describe", plugin).stdout) == 65536 and host("--check", plugin).returncode == 0
    at_most[-1] += "x"
    assert refused(host("--check", made(sentences=at_most))) == \
        f"{plugin} says 65537 bytes of itself in its NAME.json, and pomod reads 65536; make it fewer settings, or shorter sentences"


def test_its_code_is_run_as_nobody(host, made):
    """By uid, effective uid, gid, effective gid, number of groups, and whether it can become root again."""
    who = "65534 65534 65534 65534 0 0 0" if os.geteuid() == 0 else \
        f"{os.getuid()} {os.geteuid()} {os.getgid()} {os.getegid()} {len(os.getgroups())} 0 0"
    plugin = made(SAYS_WHO)
    for verb in ("--check", "--describe"):
        assert host(verb, plugin).stdout.splitlines()[0] == who


def test_where_nobody_comes(host, made):
    """A checkout in a home that is closed to others: root may look all the same, at what others may read."""
    plugin = made()
    plugin.parent.chmod(0o700)
    assert host("--check", plugin).returncode == 0
    plugin.chmod(0o600)
    checked = host("--check", plugin)
    if os.geteuid() == 0:
        assert refused(checked) == f"{plugin} cannot be loaded: Permission denied; whoever loads it has to be able to read it"
    else:
        assert checked.returncode == 0


@pytest.mark.parametrize("code, sentence", [
    ("abort();", "made.so crashed in its constructors: SIGABRT"),
    ("*(volatile int *) 0 = 1;", "made.so crashed in its constructors: SIGSEGV"),
    ("exit(0);", "made.so ended the process in its constructors"),
    ("_exit(0);", "/made.so ended the process that looked at it, by _exit(), with status 0"),
    ("_exit(1);", "/made.so ended the process that looked at it, by _exit(), with status 1"),
    ("_exit(127);", "/made.so ended the process that looked at it, by _exit(), with status 127"),
    ("signal(SIGTERM, SIG_DFL); raise(SIGTERM);", "/made.so ended the process that looked at it, by signal 15"),
    ("for (;;) pause();", "made.so did not return from its constructors within 5 s"),
])
def test_constructors(host, made, code, sentence):
    for verb in ("--check", "--describe"):
        said = refused(host(verb, made(code)))
        assert said == sentence or sentence.startswith("/") and said.endswith(sentence)


def test_a_child_that_comes_back(host, made):
    """One line is printed, and not two."""
    checked = host("--check", made("fork();"))
    assert checked.returncode == 0 and len(checked.stdout.splitlines()) == 1
    assert checked.stderr == "pomod-plugin-host[made.so]: made.so forked in its constructors, and the child came back; it is ended\n"


def test_limits(host, made, program):
    """Descriptors of whoever called are closed, and memory has an end."""
    with open("/dev/null") as file:
        os.set_inheritable(file.fileno(), True)
        checked = host("--check", made(f"if (lseek({file.fileno()}, 0, SEEK_CUR) >= 0) abort();"), close_fds=False)
        assert checked.returncode == 0, checked
    # ASan's shadow is larger than any limit.
    there_is = "!" if b"__asan_init" in program("pomod-plugin-host").read_bytes() else ""
    assert host("--check", made(f"static void *volatile p; if ({there_is}(p = malloc(300u << 20))) abort(); free(p);")).returncode == 0


def test_what_is_no_file(host, folder):
    missing = folder / "not\nthere.so"
    for verb in ("--check", "--describe"):
        assert refused(host(verb, missing)) == f"{folder}/not\ufffdthere.so cannot be loaded: No such file or directory"
        assert refused(host(verb, shutil.which("sh"))).endswith("cannot be loaded: cannot dynamically load position-independent executable")


def test_nobody_reads_it(host, made):
    with open("/dev/full", "w") as full:
        for verb in ("--check", "--describe"):
            result = host(verb, made(), capture_output=False, stdout=full, stderr=subprocess.PIPE)
            assert result.returncode == 1 and "standard output" in result.stderr
