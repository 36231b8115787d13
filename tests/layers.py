#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""
layers.py SOURCE BUILD LIBCORE LIBCOMMON: holds every #include against the table of rooms in docs/ARCHITECTURE.md, the
undefined symbols of the core against what something pure may ask for, and the calls within each room against circles and
against the levels on which the document draws its files.
Speaks TAP.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import circles
import levels
import planted

# Whose header it is. What is none of these must be libc's or the kernel's.
LIBRARIES = {
    "GLib": re.compile(r"^(glib|gio|gmodule|glib-object|glib-unix)\b"),
    "libsystemd": re.compile(r"^systemd/"),
    "SQLite": re.compile(r"^sqlite3\.h$"),
    "json-c": re.compile(r"^(json-c/|json\.h$)"),
    "libnotify": re.compile(r"^libnotify/"),
    "pomo-plugin.h": re.compile(r"^pomo-plugin\.h$"),
    "libical": re.compile(r"^libical/"),
    "libpsl": re.compile(r"^libpsl\.h$"),
    "sanitizers": re.compile(r"^sanitizer/"),
    "libc": re.compile(r"^((sys|linux|arpa|netinet|asm|bits)/.*|[a-z0-9_]+\.h)$"),
}
ANYTHING = "anything"
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)

# Pure functions of libc: they see their arguments and nothing else. What the compiler adds is below.
PURE_LIBC = set("""
    memchr memcmp memcpy memmove memset strchr strcmp strcpy strcspn strdup strlen strncasecmp strcasecmp strncmp
    strndup strnlen strpbrk strrchr strspn strstr strtok_r strtol strtoul strtoull strtoll stpcpy stpncpy strncpy
    snprintf vsnprintf sscanf asprintf vasprintf malloc calloc realloc reallocarray free abort qsort qsort_r bsearch
    abs labs llabs div ldiv toupper tolower gmtime_r timegm
    __errno_location __ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc
    __stack_chk_fail __assert_fail _GLOBAL_OFFSET_TABLE_ __tls_get_addr
    __isoc99_sscanf __isoc99_vsscanf __isoc23_sscanf __isoc23_strtol __isoc23_strtoul __isoc23_strtoull __isoc23_strtoll
    __memcpy_chk __memset_chk __memmove_chk __snprintf_chk __vsnprintf_chk __strcpy_chk __strncpy_chk __stpcpy_chk
    __asprintf_chk __vasprintf_chk __strcat_chk __strncat_chk
""".split())
# Of GLib, what looks at a clock, the disk, the environment or the system's zone, or writes to a log.
IMPURE_GLIB = re.compile(
    r"^g_(get_(real|monotonic|current)_time|date_time_new_now.*|time_zone_new_local|get_(home|user|tmp|system)_.*|getenv|setenv"
    r"|environ_.*|file_.*|io_.*|spawn_.*|print|printerr|log|logv|log_.*|main_.*|timeout_.*|idle_.*|thread_.*|random_.*|usleep"
    r"|dir_.*|mkdir.*|open|fopen|stat|unlink|rename|timer_.*)$")

# Circles that are known, by room, to be untied: none may grow, and one that is gone is taken off.
DEBTS = {}


class Room:
    def __init__(self, folder, may_use):
        self.folder = folder
        self.words = [word.strip().strip("`") for word in may_use.split(",")]
        self.anything = ANYTHING in self.words

    def allows(self, folder):
        return self.anything or folder == self.folder or folder in self.words


def read_rooms(text):
    """Rows of the table: | `daemon/core/` | what it is | `common/`, GLib | what it may not |"""
    rooms = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        found = re.fullmatch(r"`([a-z/-]+/)`", cells[0]) if len(cells) == 4 else None
        if found:
            rooms[found[1]] = Room(found[1], cells[2])
    return rooms


def room_of(rooms, path):
    """The longest folder of the table that the path lies in, None where there is none."""
    inside = [folder for folder in rooms if path.startswith(folder)]
    if not inside:
        return None
    best = max(inside, key=len)
    # A folder below a room is a room of its own, unless the table says so: a file of daemon/new/ is not daemon/'s.
    rest = path[len(best):]
    if "/" in rest and not rooms[best].anything:
        return None
    return rooms[best]


def library_of(header):
    return next((name for name, pattern in LIBRARIES.items() if pattern.match(header)), None)


def sources(root):
    for path in sorted(root.rglob("*.[ch]")):
        relative = path.relative_to(root).as_posix()
        if not relative.startswith((".", "build")) and "/." not in relative:
            yield relative, path


def breaches(root, rooms):
    """(file, sentence) for each include that its room may not make, and for each file in no room."""
    for relative, path in sources(root):
        room = room_of(rooms, relative)
        if room is None:
            yield relative, f"{relative} lies in a folder that docs/ARCHITECTURE.md has no room for"
            continue
        for bracket, header in INCLUDE.findall(path.read_text()):
            if bracket == "<":
                library = library_of(header)
                if library is None:
                    yield relative, f"{relative} includes <{header}>, which is of no library that this test knows"
                elif not room.allows(library) and library != "libc":
                    yield relative, f"{relative} includes <{header}>: {room.folder} may not use {library}"
                continue
            target = room_of(rooms, header)
            if header == "config.h" or (target and room.allows(target.folder)):
                continue
            if not (root / header).exists() and (path.parent / header).exists() and not room.anything:
                yield relative, f"{relative} includes \"{header}\": includes are written from the root"
            elif not room.anything:
                yield relative, f"{relative} includes \"{header}\": {room.folder} may not use {target.folder if target else header}"


def symbols(library, *args):
    out = subprocess.run(["nm", "-A", *args, library], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    return {line.split()[-1].split("@")[0] for line in out.splitlines() if line.strip()}


def impure(core, common):
    own = symbols(core, "--defined-only") | symbols(common, "--defined-only")
    for name in sorted(symbols(core, "--undefined-only") - own):
        if circles.INSTRUMENTED.match(name) or name in PURE_LIBC:
            continue
        if name.startswith("g_") and not IMPURE_GLIB.match(name):
            continue
        yield name


def notices_breaches(root, rooms):
    """The test itself: a copy of the tree with one bad line must fail, each time for its own reason."""
    bad = {
        "daemon/core/now.h": '#include "daemon/store/store.h"\n',
        "daemon/bus/wrong.c": '#include "daemon/store/store.h"\n',
        "common/names.h": "#include <glib.h>\n",
        "daemon/core/refusal.h": "#include <systemd/sd-bus.h>\n",
        "clients/lib/wrong.c": "#include <json-c/json.h>\n",
        "daemon/attic/wrong.c": "\n",
        "attic/wrong.c": "\n",
    }
    for name, line in bad.items():
        with tempfile.TemporaryDirectory(prefix="pomod-layers-") as folder:
            copy = pathlib.Path(folder)
            for relative, path in sources(root):
                if not relative.startswith("tests/"):
                    (copy / relative).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, copy / relative)
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text((target.read_text() if target.exists() else "") + line)
            if name not in {found for found, _ in breaches(copy, rooms)}:
                yield f"{line.strip() or 'a file'} in {name} went unnoticed"


def folder_of(rooms, path):
    """The room of a file that can be part of a circle: tests call whom they like."""
    room = room_of(rooms, path)
    return room.folder if room and room.folder != "tests/" else None


def main(root, build, core, common):
    root = pathlib.Path(root)
    text = (root / "docs/ARCHITECTURE.md").read_text()
    rooms = read_rooms(text)
    found = list(breaches(root, rooms))
    results = []
    for folder in rooms:
        inside = [sentence for name, sentence in found if getattr(room_of(rooms, name), "folder", None) == folder]
        results.append((f"{folder} includes what it may", inside))
    results.append(("every file lies in a room", [sentence for name, sentence in found if room_of(rooms, name) is None]))
    results.append(("the core asks for nothing impure", [f"{name} is not pure" for name in impure(core, common)]))
    results.append(("breaches are noticed", list(notices_breaches(root, rooms))))
    results.append(("the table has rooms", [] if len(rooms) >= 8 else ["docs/ARCHITECTURE.md has no table of rooms"]))

    tree = circles.Tree(root, lambda path: folder_of(rooms, path))
    tree.read_commands(pathlib.Path(build))
    symbols = circles.read_symbols(tree)
    pointers = circles.read_pointers(text)
    for folder in rooms:
        if folder != "tests/":
            results.append((f"{folder} has no circle of calls",
                            list(circles.wrong_circles(tree, symbols, pointers, folder, DEBTS.get(folder, [])))))
    for folder, chapter in levels.CHAPTERS.items():
        held = [pointer for pointer in pointers if (pointer[0], folder) not in levels.UPWARD]
        results.append((f"no file of {folder} calls one of a higher level",
                        list(levels.wrong_levels(tree, circles.calls(tree, symbols, held, folder),
                                                 levels.drawn(text, chapter), folder))))
    results.append(("what breaks levels is noticed", list(levels.unnoticed())))
    daemon = [folder for folder in rooms if folder.startswith(("common/", "daemon/"))]
    results.append(("the table of pointers is true", list(circles.wrong_pointers(tree, symbols, pointers, daemon))))
    results.append(("circles are noticed", list(planted.unnoticed(*tree.commands["common/paths.c"]))))

    print(f"1..{len(results)}")
    for number, (title, sentences) in enumerate(results, 1):
        for sentence in sentences:
            print(f"# {sentence}")
        print(f"{'not ok' if sentences else 'ok'} {number} {title}")


main(*sys.argv[1:])
