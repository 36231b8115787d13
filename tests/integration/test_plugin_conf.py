# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Root's settings of a plugin that acts on the computer: files, read at the start of its host and whenever they change."""

import os
import pathlib
import subprocess

import pytest

from harness.loop import wait_until
from harness.plugins import listed, wait_listed

SOURCE = pathlib.Path(__file__).resolve().parents[2]

# Its world is what it is given as standing, a setting a line.
PLUGIN = r"""
#include <pomo-plugin.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

static int apply(void *state, const PomoDesired *desired) {
    char path[4096], written[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/rooted", getenv("POMOD_TEST_WORLD"));
    snprintf(written, sizeof(written), "%s~", path);
    file = fopen(written, "w");
    if (!file)
        return -errno;
    for (size_t i = 0; i < desired->n_standing; i++) {
        const PomoValue *value = desired->standing[i];

        fprintf(file, "%s=%s %" PRId64, value->key, value->text, value->number);
        for (size_t j = 0; j < value->n_names; j++)
            fprintf(file, " %s", value->names[j]);
        fputc('\n', file);
    }
    fclose(file);
    return rename(written, path);
}

static int release(PomoHost *host, const PomoHostCalls *calls) { return 0; }

static const PomoSetting settings[] = {
    { sizeof(PomoSetting), "sound", "yes", "Whether it is heard", POMO_YES_NO, POMO_STANDING, NULL, 0, 0 },
    { sizeof(PomoSetting), "wait", NULL, "How long it waits", POMO_DURATION, POMO_STANDING, NULL, 1000000, 60000000 },
    { sizeof(PomoSetting), "always", NULL, "What it always holds", POMO_NAMES, POMO_STANDING, NULL, 0, 0 },
    { sizeof(PomoSetting), "block", NULL, "Of a profile", POMO_NAMES, 0, NULL, 0, 0 },
};
const PomoPlugin pomo_plugin_1 = { .abi = POMO_PLUGIN_ABI, .scope = POMO_SYSTEM, .size = sizeof(PomoPlugin), .name = "rooted",
    .version = "1", .sentence = "Is root's", .settings = settings, .n_settings = 4, .apply = apply, .release = release };
"""

pytestmark = pytest.mark.root


@pytest.fixture
def rooted(pomod, program, folder, plugin_folder, make_plugin_host):
    """The host of rooted, not started yet, with its folder of settings as .conf."""
    (folder / "rooted.c").write_text(PLUGIN)
    subprocess.run(["cc", "-shared", "-fPIC", "-w", f"-I{SOURCE}/plugins/api", "-o", plugin_folder / "rooted.so", folder / "rooted.c"],
                   check=True)
    described = subprocess.run([program("pomod-plugin-host"), "--describe", plugin_folder / "rooted.so"], capture_output=True, check=True)
    (plugin_folder / "rooted.json").write_bytes(described.stdout)
    host = make_plugin_host("rooted", system=True)
    host.conf = pathlib.Path(host.env["POMOD_TEST_CONF_DIR"])
    return host


def write(path, text):
    """As an editor does: another file takes its name."""
    other = path.with_name(path.name + "~")
    other.write_text("[Settings]\n" + text)
    other.chmod(0o644)
    os.rename(other, path)


def wait_given(host, *lines):
    world = host.world_folder / "rooted"
    wait_until(lambda: world.exists() and world.read_text().splitlines() == list(lines),
               lambda: f"rooted to be given {lines}, not {world.read_text() if world.exists() else None}")


def test_what_root_wrote_holds_at_once(rooted):
    rooted.start()
    wait_given(rooted, "sound=yes 1")

    # Not even the folder was there.
    rooted.conf.mkdir()
    write(rooted.conf / "rooted.conf", "sound=no\nalways=B.example;a.example\n")
    wait_given(rooted, "sound=no 0", "always=B.example;a.example 0 a.example b.example")
    (rooted.conf / "rooted.conf.d").mkdir()
    write(rooted.conf / "rooted.conf.d/10-wait.conf", "wait=20s\n")
    wait_given(rooted, "sound=no 0", "wait=20s 20000000", "always=B.example;a.example 0 a.example b.example")
    (rooted.conf / "rooted.conf").unlink()
    wait_given(rooted, "sound=yes 1", "wait=20s 20000000")

    # And at the next start.
    assert rooted.stop() == 0
    (rooted.world_folder / "rooted").unlink()
    rooted.start()
    wait_given(rooted, "sound=yes 1", "wait=20s 20000000")


def test_a_mistake_is_told_and_the_other_keys_hold(rooted, client):
    rooted.conf.mkdir()
    path = rooted.conf / "rooted.conf"
    write(path, "sound=no\n")
    rooted.start()
    wait_given(rooted, "sound=no 0")
    for text, sentence in (
            ("sound=no\nwait=1h\n", f"{path}:3: wait: 1h is out of range; it can be 1s to 1m"),
            ("sound=no\nblock=a.example\n", f"{path}:3: block is a key of profiles, rooted.block; here are standing settings alone"),
            ("sound=no\nsuond=no\n", f'{path}:3: rooted has no standing setting "suond"; did you mean sound?')):
        write(path, text)
        wait_listed(client, "rooted", "idle", sentence.replace("(", r"\("))
        assert sentence in rooted.log()
        wait_given(rooted, "sound=no 0")
    write(path, "sound=no\nwait=1m\n")
    wait_given(rooted, "sound=no 0", "wait=1m 60000000")
    wait_until(lambda: listed(client, "rooted")["Message"] == "", "nothing to be wrong any more")
