# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The configuration of a bus with the policy of the stock system bus and ours."""

import pathlib
import pwd
import re

STOCK_SYSTEM_CONF = pathlib.Path("/usr/share/dbus-1/system.conf")
DOCTYPE = ('<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" '
           '"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">')


def policies(path):
    """The <policy> blocks of a bus configuration, as they stand there."""
    text = re.sub(r"<!--.*?-->", "", path.read_text(), flags=re.S)
    found = re.findall(r"<policy\b.*?</policy>", text, flags=re.S)
    assert found, f"{path} has no <policy>: is this still the file that the system bus reads?"
    return "\n".join(found)


def system_policy(our_policy, owner_uid, limits=""):
    """
    The stock policy of the system bus, and ours, in the order in which the system bus reads them. Only the account
    is another one than in production: the daemon runs as whoever runs the test.
    """
    ours = policies(our_policy).replace('user="pomod"', f'user="{pwd.getpwuid(owner_uid).pw_name}"')
    return policies(STOCK_SYSTEM_CONF) + ours + limits


def configuration(kind, socket, policy):
    return f"""{DOCTYPE}
<busconfig>
  <type>{kind}</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
{policy}
</busconfig>
"""
