/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/ics/export.h"
#include "clients/ics/help.h"
#include "clients/ics/import.h"
#include "common/cleanup.h"
#include "common/text.h"

typedef enum IcsOption {
        OPT_BUS,
        OPT_USER,
        OPT_JSON,
        OPT_FROM,
        OPT_TO,
        OPT_ONLY,
        OPT_OUTPUT,
        OPT_KEEP,
        OPT_AS,
        OPT_DRY_RUN,
        OPT_NAME,
        OPT_HOURS,
        OPT_PRUNE,
        OPT_HELP,
        OPT_VERSION,
        _OPT_MAX,
} IcsOption;

typedef struct IcsArguments {
        IcsSession session;
        const char *values[_OPT_MAX];              /* "" for one without a value; NULL: not given */
        Date from, to;                             /* DATE_NONE: not given */
        const char *export_option, *import_option; /* the last that belongs to one verb alone */
} IcsArguments;

static int usage(const IcsArguments *arguments, const char *what, const char *value, const char *right) {
        char excerpt[TEXT_EXCERPT_MAX];

        return program_usage(&arguments->session.program, "%s '%s'; %s", what, text_excerpt(value, excerpt),
                        right);
}

static int date_option(const IcsArguments *arguments, const char *text, Date *ret_day) {
        if (date_parse(text, ret_day) < 0)
                return usage(arguments, "there is no date", text, "write it like 2026-07-01");
        return 0;
}

/* What the daemon would refuse of every rule is said once here. */
static int hours_check(const IcsArguments *arguments, const char *hours) {
        unsigned a, b, c, d;
        int n = 0;

        for (const char *p = hours;; p += n + 1) {
                if (sscanf(p, "%2u:%2u-%2u:%2u%n", &a, &b, &c, &d, &n) != 4 || a > 23 || b > 59 || c > 24 ||
                                d > 59 || (c == 24 && d > 0) || (a == c && b == d) ||
                                (p[n] != '\0' && p[n] != ';'))
                        return usage(arguments, "these are no hours:", hours,
                                        "write 09:00-17:00, or 09:00-12:00;13:00-17:00");
                if (p[n] == '\0')
                        return 0;
        }
}

static const struct option options[] = {
        { "bus", required_argument, NULL, OPT_BUS },
        { "user", required_argument, NULL, OPT_USER },
        { "json", no_argument, NULL, OPT_JSON },
        { "from", required_argument, NULL, OPT_FROM },
        { "to", required_argument, NULL, OPT_TO },
        { "only", required_argument, NULL, OPT_ONLY },
        { "output", required_argument, NULL, OPT_OUTPUT },
        { "keep", no_argument, NULL, OPT_KEEP },
        { "as", required_argument, NULL, OPT_AS },
        { "dry-run", no_argument, NULL, OPT_DRY_RUN },
        { "name", required_argument, NULL, OPT_NAME },
        { "hours", required_argument, NULL, OPT_HOURS },
        { "prune", no_argument, NULL, OPT_PRUNE },
        { "help", no_argument, NULL, OPT_HELP },
        { "version", no_argument, NULL, OPT_VERSION },
        {},
};

/* Ends at --help and --version, which are answered whatever follows. */
static int options_parse(IcsArguments *arguments, int argc, char **argv) {
        int c, r = 0, index = 0;

        opterr = 0;
        while (r == 0 && !arguments->values[OPT_HELP] && !arguments->values[OPT_VERSION] &&
                        (c = getopt_long(argc, argv, ":h", options, &index)) >= 0) {
                if (c == ':' || c == '?')
                        return usage(arguments,
                                        c == ':' ? "an option without its value:" : "there is no option",
                                        argv[optind - 1], "see pomoctl schedule ics --help");
                c = c == 'h' ? OPT_HELP : c;
                arguments->values[c] = optarg ? optarg : "";
                if (c >= OPT_FROM && c <= OPT_KEEP)
                        arguments->export_option = options[index].name;
                if (c >= OPT_AS && c <= OPT_PRUNE)
                        arguments->import_option = options[index].name;
                if (c == OPT_JSON)
                        arguments->session.program.json = true;
                if (c == OPT_FROM)
                        r = date_option(arguments, optarg, &arguments->from);
                if (c == OPT_TO)
                        r = date_option(arguments, optarg, &arguments->to);
                if (c == OPT_USER)
                        r = program_set_user(&arguments->session.program, optarg);
                if (c == OPT_HOURS)
                        r = hours_check(arguments, optarg);
        }
        arguments->session.program.bus = arguments->values[OPT_BUS];
        return r;
}

static int run_export(IcsArguments *arguments, int n_words, char **words) {
        const ExportOptions o = {
                .from = arguments->from,
                .to = arguments->to,
                .only = arguments->values[OPT_ONLY],
                .output = arguments->values[OPT_OUTPUT],
        };
        bool keep = arguments->values[OPT_KEEP];

        if (n_words > 0)
                return usage(arguments, "one word too many:", words[0],
                                "the file is told with --output PATH");
        if (arguments->import_option)
                return usage(arguments, "an option of import:", arguments->import_option,
                                "export has no such option");
        if (o.only && strcmp(o.only, "office-day") != 0 && strcmp(o.only, "work") != 0 &&
                        strcmp(o.only, "away") != 0)
                return usage(arguments, "there is no kind", o.only, "--only takes office-day, work or away");
        if (keep && !o.output)
                return program_usage(&arguments->session.program,
                                "--keep needs a file to keep current: --output PATH");
        return keep ? export_keep(&arguments->session, &o) : export_run(&arguments->session, &o);
}

static int name_check(const IcsArguments *arguments, const char *name) {
        g_autofree char *prefix = NULL;

        if (text_check(name, 24) < 0)
                return usage(arguments, "this cannot begin a name:", name, "--name takes at most 24 bytes");
        prefix = ics_prefix(name);
        if (!*prefix || strcmp(prefix, name) != 0)
                return usage(arguments, "this cannot begin a name:", name,
                                "--name takes letters and digits, with single dashes between them");
        return 0;
}

static int run_import(IcsArguments *arguments, int n_words, char **words) {
        const char *as = arguments->values[OPT_AS], *name = arguments->values[OPT_NAME];
        const ImportOptions o = {
                .kind = as && strcmp(as, "away") == 0 ? ICS_AWAY : ICS_OFFICE_DAY,
                .path = words[0],
                .name = name,
                .hours = arguments->values[OPT_HOURS],
                .dry_run = arguments->values[OPT_DRY_RUN],
                .prune = arguments->values[OPT_PRUNE],
        };
        int r;

        if (arguments->export_option)
                return usage(arguments, "an option of export:", arguments->export_option,
                                "import has no such option");
        if (!as)
                return program_usage(&arguments->session.program, "as what? --as away or --as office-day");
        if (o.kind != ICS_AWAY && strcmp(as, "office-day") != 0)
                return usage(arguments, "there is no kind", as, "--as takes away or office-day");
        if (n_words != 1)
                return program_usage(&arguments->session.program,
                                "import takes one file, or - for standard input");
        r = name ? name_check(arguments, name) : 0;
        return r ?: import_run(&arguments->session, &o);
}

static int run(IcsArguments *arguments, int argc, char **argv) {
        int r = options_parse(arguments, argc, argv);

        if (r != 0)
                return r;
        if (arguments->values[OPT_VERSION]) {
                printf("pomoctl-ics %s\n", POMOD_VERSION);
                return 0;
        }
        if (arguments->values[OPT_HELP]) {
                help_print(&ics_help, stdout);
                return 0;
        }
        if (optind >= argc)
                return program_usage(&arguments->session.program,
                                "export or import? see pomoctl schedule ics --help");
        if (strcmp(argv[optind], "export") == 0)
                return run_export(arguments, argc - optind - 1, argv + optind + 1);
        if (strcmp(argv[optind], "import") == 0)
                return run_import(arguments, argc - optind - 1, argv + optind + 1);
        return usage(arguments, "there is no verb", argv[optind], "it is export or import");
}

int main(int argc, char **argv) {
        IcsArguments arguments = { .from = DATE_NONE, .to = DATE_NONE };
        int status;

        program_begin(&arguments.session.program, "pomoctl", argc, argv);
        status = program_end(&arguments.session.program, run(&arguments, argc, argv));
        g_free(arguments.session.zone);
        return status;
}
