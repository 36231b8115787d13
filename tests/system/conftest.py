# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Computers for the tests: one that is shared and only asked, and others that are switched off, cut and booted again."""

import os
import pathlib
import tempfile

import pytest

from machine import Machine


def pytest_configure(config):
    if not os.environ.get("POMOD_BUILD_DIR"):
        pytest.exit("POMOD_BUILD_DIR is not set: it names the build to install, as in `meson test --suite system`", 4)
    if os.geteuid() != 0:
        pytest.exit("booting a system needs root", 4)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that was skipped did not pass."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and a skipped test is a failed one"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    # -k chose nothing of this file: no failure.
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.option.keyword:
        session.exitstatus = pytest.ExitCode.OK


def machines():
    made = []

    def make(**kwargs):
        # Short, for the socket in it; on the tmp of this computer, as the state in it stands for a disk.
        folder = pathlib.Path(tempfile.mkdtemp(prefix="pomod-sys-", dir="/var/tmp"))
        made.append(Machine(pathlib.Path(os.environ["POMOD_BUILD_DIR"]), folder, **kwargs))
        return made[-1]

    yield make
    for machine in made:
        if machine.leader:
            print(f"--- journal of pomod ---\n{machine.journal()}")
        machine.throw_away()


@pytest.fixture
def make_machine():
    """make_machine(): a computer of this test's own, not booted yet; own_boot_id: each boot is another one to pomod; keeps_all."""
    yield from machines()


@pytest.fixture(scope="module")
def shared_machines():
    yield from machines()


@pytest.fixture(scope="module")
def booted(shared_machines):
    """A computer that is up; the tests of a file share it and leave it idle."""
    return shared_machines().boot()


@pytest.fixture
def computer(booted):
    """The shared computer, with pomod as it is after a boot: nobody has asked it anything yet."""
    booted.root("systemctl reset-failed pomod.service; systemctl stop pomod.service; rm -rf /var/lib/pomod/*").ok()
    yield booted
    if booted.leader:
        print(f"--- journal of pomod ---\n{booted.journal()}")
