/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/help.h"

/* clang-format off */
static const HelpSection sections[] = {
        { .title = "Export",
          .paragraphs = HELP_TEXT("Writes the windows of the schedule as events: office days as busy, absences as out of office, other windows as free time with a name. A window keeps its UID, so that importing the calendar again updates what is there. Without --from it begins with this month, without --to it ends in a year."),
          .items = HELP_ITEMS(
                          { "--from=DATE, --to=DATE", "from one date to another, both included: 2026-07-01" },
                          { "--only=KIND", "only office-day, only work or only away" },
                          { "--output=PATH",
                                  "into a file, which is replaced as a whole, and left alone where nothing changed" },
                          { "--keep", "stay, and write the file again whenever the schedule changes" }) },
        { .title = "Import",
          .paragraphs = HELP_TEXT("Makes rules of the events of a calendar: each event of one or a few. Recurrences are followed for two years from now on, with their exceptions and moved instances; what ended before this month is left out. Importing again changes the rules of events that changed; what was set beside their dates and hours, like Focus, stays. All of a file is imported or nothing."),
          .items = HELP_ITEMS(
                          { "--as=KIND", "away: nothing is asked of you then. office-day: protected days" },
                          { "--dry-run", "say what would change, and change nothing" },
                          { "--name=PREFIX", "what the names of the rules begin with, else the name of the calendar" },
                          { "--hours=HOURS", "of whole days: 09:00-17:00. Without it they are whole days" },
                          { "--prune", "remove the rules of events that are not in the file any more" },
                          { "FILE", "at most 8 MiB; - is standard input" }) },
        { .title = "Options of both",
          .items = HELP_ITEMS(
                          { "--bus=BUS", "system, session, or an address; else what POMOD_BUS says, else session while pomod is there, else system" },
                          { "--user=UID", "speak for another account (root only)" },
                          { "--json", "changes and errors as JSON, one object a line" },
                          { "--help, --version", "print this, or the version" }) },
        { .title = "Examples",
          .items = HELP_ITEMS(
                          { "pomoctl schedule ics export --only office-day --output ~/office.ics --keep",
                                  "for a calendar program that reads that file" },
                          { "pomoctl schedule ics import --as away --dry-run holidays.ics", "what would it do?" }),
          .where = HELP_MAN_ONLY },
        { .title = "Exit status",
          .items = HELP_ITEMS(
                          { "0", "done" },
                          { "1", "the daemon refused, or a file cannot be read or written" },
                          { "2", "what was typed, or what the calendar says, makes no sense" },
                          { "3", "nobody answers on the bus" }),
          .where = HELP_MAN_ONLY },
        {},
};

const HelpPage ics_help = {
        .name = "pomoctl-ics",
        .section = 1,
        .summary = "calendar files for pomod's schedule",
        .synopsis = HELP_TEXT(
                          "pomoctl schedule ics export [--from DATE] [--to DATE] [--only KIND] [--output PATH [--keep]]",
                          "pomoctl schedule ics import --as away|office-day [OPTION…] FILE"),
        .description = HELP_TEXT("Calendar files (iCalendar, .ics) for pomod's schedule. pomoctl starts this program for its verb schedule ics; it takes the same words."),
        .sections = sections,
        .see_also = "pomoctl(1), pomod(8)",
};
/* clang-format on */
