# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Sites are blocked in /etc/hosts while a claim says so, and the file is afterwards what it was."""

from harness.plugins import engage, release


def test_blocks_and_puts_back(make_sites):
    sites = make_sites()
    before = sites.hosts
    sites.make_profile("deep", "reddit.com;news.example.org")
    claim = engage(sites.client, "deep")
    sites.host.start()
    sites.wait_blocked("reddit.com", "www.reddit.com", "m.reddit.com", "news.example.org", "www.news.example.org", "m.news.example.org")
    release(sites.client, claim)
    sites.wait_blocked()
    assert sites.hosts == before
    assert sites.host.stop() == 0
