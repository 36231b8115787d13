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

typedef struct IcsArguments {
        IcsSession session;
        ExportOptions export;
        ImportOptions import;
        const char *as, *export_option, *import_option; /* the last that belongs to one verb alone */
        bool done;                                      /* --help or --version: answered */
} IcsArguments;

static int usage(const IcsArguments *arguments, const char *what, const char *value, const char *right) {
        char excerpt[TEXT_EXCERPT_MAX];

        return program_usage(&arguments->session.program, "%s '%s'; %s", what, text_excerpt(value, excerpt),
                        right);
}

static int date_option(IcsArguments *arguments, const char *text, Date *ret_day) {
        if (date_parse(text, ret_day) < 0)
                return usage(arguments, "there is no date", text, "write it like 2026-07-01");
        return 0;
}

/* What the daemon would refuse of every rule is said once here. */
static int hours_check(IcsArguments *arguments, const char *hours) {
        unsigned a, b, c, d;
        int n = 0;

        for (const char *p = hours;; p += n + 1) {
                if (sscanf(p, "%2u:%2u-%2u:%2u%n", &a, &b, &c, &d, &n) != 4 || a > 23 || b > 59 || c > 24 ||
                                d > 59 || (c == 24 && d > 0) || (a == c && b == d) ||
                                (p[n] != '\0' && p[n] != ';'))
                        return usage(arguments, "these are no hours:", hours,
                                        "write 09:00-17:00, or 09:00-12:00;13:00-17:00");
                if (p[n] == '\0')
                        break;
        }
        arguments->import.hours = hours;
        return 0;
}

enum {
        OPT_BUS = 256,
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
        OPT_VERSION
};

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

static int option_take(IcsArguments *arguments, int c) {
        ExportOptions *export = &arguments->export;
        ImportOptions *import = &arguments->import;

        switch (c) {
        case OPT_BUS:
                arguments->session.program.bus = optarg;
                return 0;
        case OPT_USER:
                return program_set_user(&arguments->session.program, optarg);
        case OPT_JSON:
                arguments->session.program.json = true;
                return 0;
        case OPT_FROM:
                return date_option(arguments, optarg, &export->from);
        case OPT_TO:
                return date_option(arguments, optarg, &export->to);
        case OPT_ONLY:
                export->only = optarg;
                return 0;
        case OPT_OUTPUT:
                export->output = optarg;
                return 0;
        case OPT_KEEP:
                export->keep = true;
                return 0;
        case OPT_AS:
                arguments->as = optarg;
                return 0;
        case OPT_DRY_RUN:
                import->dry_run = true;
                return 0;
        case OPT_NAME:
                import->name = optarg;
                return 0;
        case OPT_HOURS:
                return hours_check(arguments, optarg);
        case OPT_PRUNE:
                import->prune = true;
                return 0;
        case OPT_VERSION:
                printf("pomoctl-ics %s\n", POMOD_VERSION);
                arguments->done = true;
                return 0;
        default:
                help_print(&ics_help, stdout);
                arguments->done = true;
                return 0;
        }
}

static int options_parse(IcsArguments *arguments, int argc, char **argv) {
        int c, r = 0, index = 0;

        opterr = 0;
        while (r == 0 && !arguments->done && (c = getopt_long(argc, argv, ":h", options, &index)) >= 0) {
                if (c == ':' || c == '?')
                        return usage(arguments,
                                        c == ':' ? "an option without its value:" : "there is no option",
                                        argv[optind - 1], "see pomoctl schedule ics --help");
                if (c >= OPT_FROM && c <= OPT_KEEP)
                        arguments->export_option = options[index].name;
                if (c >= OPT_AS && c <= OPT_PRUNE)
                        arguments->import_option = options[index].name;
                r = option_take(arguments, c);
        }
        return r;
}

static int run_export(IcsArguments *arguments, int n_words, char **words) {
        const ExportOptions *o = &arguments->export;

        if (n_words > 0)
                return usage(arguments, "one word too many:", words[0],
                                "the file is told with --output PATH");
        if (arguments->import_option)
                return usage(arguments, "an option of import:", arguments->import_option,
                                "export has no such option");
        if (o->only && strcmp(o->only, "office-day") != 0 && strcmp(o->only, "work") != 0 &&
                        strcmp(o->only, "away") != 0)
                return usage(arguments, "there is no kind", o->only, "--only takes office-day, work or away");
        if (o->keep && !o->output)
                return program_usage(&arguments->session.program,
                                "--keep needs a file to keep current: --output PATH");
        return o->keep ? export_keep(&arguments->session, o) : export_run(&arguments->session, o);
}

static int run_import(IcsArguments *arguments, int n_words, char **words) {
        char *prefix;
        bool typable;

        if (arguments->export_option)
                return usage(arguments, "an option of export:", arguments->export_option,
                                "import has no such option");
        if (!arguments->as)
                return program_usage(&arguments->session.program, "as what? --as away or --as office-day");
        if (strcmp(arguments->as, "office-day") == 0)
                arguments->import.kind = ICS_OFFICE_DAY;
        else if (strcmp(arguments->as, "away") == 0)
                arguments->import.kind = ICS_AWAY;
        else
                return usage(arguments, "there is no kind", arguments->as, "--as takes away or office-day");
        if (n_words != 1)
                return program_usage(&arguments->session.program,
                                "import takes one file, or - for standard input");
        if (arguments->import.name) {
                if (text_check(arguments->import.name, 24) < 0)
                        return usage(arguments, "this cannot begin a name:", arguments->import.name,
                                        "--name takes at most 24 bytes");
                prefix = ics_prefix(arguments->import.name);
                typable = strcmp(prefix, arguments->import.name) == 0 && *prefix;
                g_free(prefix);
                if (!typable)
                        return usage(arguments, "this cannot begin a name:", arguments->import.name,
                                        "--name takes letters and digits, with single dashes between them");
        }
        arguments->import.path = words[0];
        return import_run(&arguments->session, &arguments->import);
}

static int run(IcsArguments *arguments, int argc, char **argv) {
        int r;

        r = options_parse(arguments, argc, argv);
        if (r != 0 || arguments->done)
                return r;
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
        IcsArguments arguments = { .export = { .from = DATE_NONE, .to = DATE_NONE } };
        int status;

        program_begin(&arguments.session.program, "pomoctl", argc, argv);
        status = program_end(&arguments.session.program, run(&arguments, argc, argv));
        g_free(arguments.session.zone);
        return status;
}
