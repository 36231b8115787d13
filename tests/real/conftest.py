# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""The fixtures of the integration tests, and the browser that is installed."""

import importlib.util
import pathlib
import shutil
import sys

import pytest

INTEGRATION = pathlib.Path(__file__).resolve().parents[1] / "integration"
sys.path.insert(0, str(INTEGRATION))
# Its name there is that of this file.
spec = importlib.util.spec_from_file_location("integration_fixtures", INTEGRATION / "conftest.py")
sys.modules["integration_fixtures"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["integration_fixtures"])
pytest_plugins = ["integration_fixtures"]

from chromium import Browser, Pages  # noqa: E402


@pytest.fixture
def pages():
    """A server of pages on this computer: each says which name it was asked for."""
    server = Pages()
    yield server
    server.close()


@pytest.fixture
def real_sites(make_sites):
    """make_sites() with all of /etc that a browser reads."""
    def make(**kwargs):
        sites = make_sites(**kwargs)
        for name in ("fonts", "ssl", "alternatives", "chromium.d", "machine-id"):
            source = pathlib.Path("/etc", name)
            if source.is_dir():
                shutil.copytree(source, sites.etc / name, symlinks=True, dirs_exist_ok=True)
            elif source.exists():
                shutil.copy(source, sites.etc / name)
        return sites
    return make


@pytest.fixture
def make_browser(folder, pages):
    """make_browser(sites): Chromium that sees the /etc of these sites, and finds every name at `pages`."""
    made = []

    def make(sites):
        made.append(Browser(folder / f"browser-{len(made)}", sites.inside, pages))
        return made[-1]
    yield make
    for browser in made:
        browser.close()
