/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/help.h"

/* clang-format off */
static const HelpSection sections[] = {
        { .title = "Verbs",
          .items = HELP_ITEMS(
                          { "NAME", "run the plugin NAME: learn what should hold, make it so, report" },
                          { "--check FILE.so", "load it as a host would, and say what is wrong with it" },
                          { "--describe FILE.so", "print what it says of itself, as NAME.json" },
                          { "--try FILE.so --desired FILE.json", "open(), apply() with that, close() and release(), without pomod; on a terminal Enter comes before release()" },
                          { "--probe NAME SUBJECT", "ask the plugin what becomes of SUBJECT here and now" },
                          { "--release NAME", "put back everything that the plugin changed" },
                          { "--release-ended", "wait for the ends of what no host looks after, and put it back then" },
                          { "--list", "what each state folder holds, and until when" }) },
        { .title = "Options",
          .items = HELP_ITEMS(
                          { "--bus=BUS", "system, session, or an address like unix:path=/run/user/1000/bus; else what POMOD_BUS says; else the session bus where pomod is on it, else the system bus" },
                          { "--ended", "of --release: only what has reached its end" },
                          { "--stop", "of --release: stop and disable the plugin's unit before" },
                          { "--help, --version", "print this, or the version" }) },
        { .title = "Files",
          .items = HELP_ITEMS(
                          { "/usr/libexec/pomod-plugin-host", "where it is installed, which is not in PATH: type all of it, as in sudo /usr/libexec/pomod-plugin-host --list" },
                          { "/etc/pomod/plugins/NAME.conf", "root's settings of a plugin for the whole computer, KEY=VALUE below [Settings], and then the files of NAME.conf.d/; sudo mkdir -p /etc/pomod/plugins makes the folder" },
                          { "/etc/pomod/plugins/sites.conf", "those of sites: Never=example.org;example.net is never blocked, Hosts=no writes no lines of /etc/hosts, Chromium=no writes no policies of Chromium, Chrome, Brave and Edge" }),
          .where = HELP_MAN_ONLY },
        { .title = "Exit status",
          .items = HELP_ITEMS(
                          { "0", "done" },
                          { "1", "it failed, and a sentence on standard error says why" },
                          { "2", "what was typed makes no sense" },
                          { "75", "of --release-ended: the last look before its end found something, and it is to be started again" }),
          .where = HELP_MAN_ONLY },
        {},
};

const HelpPage plugin_host_help = {
        .name = "pomod-plugin-host",
        .section = 8,
        .summary = "run one plugin of pomod",
        .synopsis = HELP_TEXT(
                          "pomod-plugin-host [--bus=BUS] NAME",
                          "pomod-plugin-host --check FILE.so | --describe FILE.so",
                          "pomod-plugin-host --try FILE.so --desired FILE.json",
                          "pomod-plugin-host [--bus=BUS] --probe NAME SUBJECT",
                          "pomod-plugin-host --release NAME [--ended] [--stop]",
                          "pomod-plugin-host --release-ended | --list"),
        .description = HELP_TEXT(
                          "Runs one plugin in a process of its own. It asks pomod what should hold, has the plugin make it so, and reports. A crash, a restart or a stop lifts nothing: what holds is on disk, and ends when it should."),
        .sections = sections,
        .see_also = "pomod(8), pomoctl(1)",
};
/* clang-format on */
