# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""script/run on the programs that are built already: what README tells people to type first."""

import datetime
import os
import pathlib
import signal
import subprocess

import pytest

from harness.stream import Stream

RUN = pathlib.Path(__file__).resolve().parents[2] / "script" / "run"


@pytest.fixture
def run_env(folder, program, env, build_dir):
    """A build folder whose ninja finds everything done."""
    build = folder / "built"
    for name, below in ("pomoctl", "clients/pomoctl"), ("pomobar", "clients/pomobar"), ("pomod", "daemon"):
        (build / below).mkdir(parents=True)
        (build / below / name).symlink_to(program(name))
    (build / "plugins").symlink_to(build_dir / "plugins")
    (build / "build.ninja").touch()
    tools = folder / "tools"
    tools.mkdir()
    (tools / "ninja").symlink_to("/bin/true")
    return {**env, "PATH": f"{tools}:{env['PATH']}", "POMOD_BUILD": str(build)}


def run(run_env, *args):
    return subprocess.run([RUN, *args], env=run_env, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def test_it_says_what_it_can(run_env):
    for option in "--help", "-h":
        done = run(run_env, option)
        assert done.returncode == 0 and "script/run COMMAND" in done.stdout and "script/run bash" in done.stdout
        assert "set -euo" not in done.stdout and "SPDX" not in done.stdout
    done = run(run_env, "--hlep")
    assert done.returncode == 2 and "'--hlep'" in done.stderr


def test_it_counts_down_also_in_off_hours(run_env):
    hour = datetime.datetime.now(datetime.timezone.utc).hour
    done = run(run_env, "bash", "-c", f"pomoctl schedule add never-now Hours={'23:58-23:59' if hour < 12 else '00:01-00:02'}")
    assert done.returncode == 0, done
    stream = Stream(["setsid", RUN], run_env)
    stream.wait_line(lambda line: "pomodoro · " in line and " left" in line)
    done = run(run_env, "pomoctl", "stop")
    assert done.returncode == 0 and "is void" in done.stdout
    stream.wait_line(lambda line: "idle" in line)
    os.killpg(stream.pid, signal.SIGINT)  # as Ctrl-C does: the countdown and the script
    assert stream.wait_end() in (0, 130)
    for pipe in stream.process.stdin, stream.process.stdout, stream.process.stderr:
        pipe.close()


def test_a_command_finds_the_plugins_there(run_env):
    done = run(run_env, "pomoctl", "plugin", "list")
    states = {line.split()[0]: line for line in done.stdout.splitlines() if " session " in line}
    assert done.returncode == 0 and "example" in states and not any("not running" in line for line in states.values()), done


def test_a_plugin_that_never_comes_delays_a_command_and_no_more(run_env, folder, build_dir):
    """One of which only the description is there; the others come."""
    plugins = pathlib.Path(run_env["POMOD_BUILD"]) / "plugins"
    plugins.unlink()
    (plugins / "modules").mkdir(parents=True)
    (plugins / "host").symlink_to(build_dir / "plugins/host")
    for file in (build_dir / "plugins/modules").glob("example.*"):
        (plugins / "modules" / file.name).symlink_to(file)
    text = (build_dir / "plugins/modules/example.json").read_text()
    (plugins / "modules/nobody.json").write_text(text.replace('"example"', '"nobody"'))
    done = run(run_env, "pomoctl", "plugin", "list")
    assert done.returncode == 0 and "nobody" in done.stdout and "idle" in done.stdout, done


def test_plugins_of_the_session_run(run_env):
    """The example writes the names that hold into a file, for as long as they do, and comes back when it is killed."""
    world = pathlib.Path(run_env["XDG_RUNTIME_DIR"]) / "pomod-example"
    state = "pomoctl plugin list --json | grep '\"example\"'"
    done = run(run_env, "bash", "-ec", f"""
        until {state} | grep -q '"idle"'; do :; done
        pomoctl focus profile set deep Plugins=example example.names=example.com
        pomoctl focus on deep 1h
        until grep -qs example.com '{world}'; do :; done
        kill -KILL "$({state} | sed 's/.*"pid":\\([0-9]*\\).*/\\1/')"
        until {state} | grep -q '"absent"'; do :; done
        grep -q example.com '{world}'
        until {state} | grep -q '"engaged"'; do :; done
        pomoctl focus off
        while [ -e '{world}' ]; do :; done
    """)
    assert done.returncode == 0, done
