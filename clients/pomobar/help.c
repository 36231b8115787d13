/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomobar/help.h"

/* clang-format off */
static const HelpSection sections[] = {
        { .title = "Options",
          .items = HELP_ITEMS(
                          { "--format=FORMAT",
                                  "plain (a line a change, the default), waybar (JSON), i3bar (its protocol with clicks; swaybar's too), polybar (with click actions)" },
                          { "--bus=BUS", "system, session, or an address like unix:path=/run/user/1000/bus; else what POMOD_BUS says, else session while pomod is there, else system" },
                          { "--idle-text=TEXT",
                                  "what to show while nothing runs, instead of idle and the window of the schedule" },
                          { "--no-seconds", "count in minutes: one wakeup a minute instead of one a second" },
                          { "--help, --version", "print this, or the version" }) },
        { .title = "Clicks",
          .paragraphs = HELP_TEXT("A left click does the one thing that fits (start, interrupt or pause, skip the break, stop freeform; while the daemon is away: start it), a middle click skips, a right click stops. A click counts only while the state is the one that was shown: one that comes too late changes nothing. One that is refused says why, in the bar and for five seconds.") },
        { .title = "Clicks by command",
          .paragraphs = HELP_TEXT("i3bar, swaybar and polybar hand the shown state back with the click. A bar that can only run a fixed command, like waybar, runs: pomobar click left. The state is then the one that the running streams say they show, in XDG_RUNTIME_DIR/pomobar."),
          .where = HELP_MAN_ONLY, .level = 1 },
        { .title = "Examples",
          .items = HELP_ITEMS(
                          { "pomobar --format=waybar", "\"exec\" of a custom module of waybar" },
                          { "pomobar --format=i3bar", "status_command of i3 or sway" },
                          { "pomobar click left", "\"on-click\" of that module" }) },
        { .title = "Exit status",
          .items = HELP_ITEMS(
                          { "0", "the bar is gone, or the click was granted" },
                          { "1", "the daemon refused the click" },
                          { "2", "what was typed makes no sense" },
                          { "3", "a click, and no daemon" }),
          .where = HELP_MAN_ONLY },
        {},
};

const HelpPage pomobar_help = {
        .name = "pomobar",
        .section = 1,
        .summary = "show pomod's timer in a status bar",
        .synopsis = HELP_TEXT(
                          "pomobar [--format=FORMAT] [--bus=BUS] [--idle-text=TEXT] [--no-seconds]",
                          "pomobar [--bus=BUS] click left|middle|right [--if-seq=SEQ]"),
        .description = HELP_TEXT(
                          "Shows pomod's timer in a status bar: a line on standard output whenever it reads differently. It counts down by itself while something runs and the bar is visible, and sleeps otherwise. It says when the daemon is away, never starts it by itself, and goes on when it is back.",
                          "Which window of the schedule holds, and until when, is in the tooltip, and beside the word idle while nothing runs. A break that follows a ring is urgent to i3bar and swaybar for ten seconds, and rang is among its classes in waybar; refused is, where a click was, and not-enforced, where focus should hold and a plugin does not see to it."),
        .sections = sections,
        .see_also = "pomoctl(1), pomod(8)",
};
/* clang-format on */
