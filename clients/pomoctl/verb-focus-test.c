/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>
#include <string.h>

#include "clients/lib/host-ascii.h"
#include "clients/lib/memory.h"
#include "clients/pomoctl/helper.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/verb.h"
#include "clients/pomoctl/wrap.h"
#include "common/caps.h"
#include "common/category.h"
#include "common/cleanup.h"
#include "common/text.h"

#define HOST   "pomod-plugin-host"
#define PLUGIN "sites"

/* What no test here can see. */
#define BEYOND \
        "Blocked means that nothing new is reached: a page that is open stays open. Not seen from here are a name server or a proxy that a browser was told to use, and containers and virtual machines; guests that ask the dnsmasq or libvirt of this computer are blocked, too."

static const char *const findings[] = { "blocked", "open", "unknown" };

/* A line of the host, "PLACE: FINDING, WHY", taken apart in place; NULL: it is none. */
static const char *take_apart(char *line, const char **ret_why) {
        for (size_t i = 0; i < sizeof(findings) / sizeof(findings[0]); i++) {
                cleanup_free_ char *mark = memory_format(": %s", findings[i]);
                char *end = strstr(line, mark), *why = end ? end + strlen(mark) : NULL;

                if (!end || (*why != '\0' && strncmp(why, ", ", 2) != 0))
                        continue;
                *end = '\0';
                *ret_why = *why ? why + 2 : why;
                return findings[i];
        }
        return NULL;
}

static void show_line(const Ctl *ctl, Table *table, char *line) {
        const char *why, *finding = take_apart(line, &why);

        if (!finding)
                return;
        if (ctl->program.json)
                json_say("sss", "place", line, "finding", finding, "sentence", why);
        else
                table_add(table, (const char *const[]){ line, finding, why });
}

/* ---- its host ---- */

/* Its lines on standard error are warnings, but the last one of a host that has failed. What to exit with. */
static int say_errors(const Ctl *ctl, char *errors, bool failed) {
        const char *last = NULL;

        for (char *rest = errors, *line; (line = strsep(&rest, "\n"));) {
                if (!*line)
                        continue;
                if (last)
                        program_warn(&ctl->program, last);
                last = strncmp(line, HOST ": ", strlen(HOST ": ")) == 0 ? line + strlen(HOST ": ") : line;
        }
        if (failed)
                return program_refused(&ctl->program, last ?: HOST " ended without an answer");
        if (last)
                program_warn(&ctl->program, last);
        return 0;
}

static int ask(const Ctl *ctl, const char *host, const char *name, char **ret_text) {
        cleanup_free_ char *bus = ctl->program.bus ? memory_format("--bus=%s", ctl->program.bus) : NULL;
        cleanup_free_ char *file = helper_find_plugin(PLUGIN), *errors = NULL;
        const char *words[] = { host, "--probe", PLUGIN, name, bus, NULL };
        int status = 0, r;

        r = helper_read(words, ret_text, &errors, &status);
        if (r < 0)
                return program_errno(&ctl->program, r, "cannot start " HOST);
        if (status != 0 && !file)
                return program_refused(&ctl->program, "the plugin " PLUGIN " is not installed");
        return say_errors(ctl, errors, status != 0);
}

/* The host cannot do without pomod, of whose absence this program knows more to say. */
static int check_daemon(const Ctl *ctl) {
        cleanup_(timer_state_done) TimerState timer = {};

        return client_get_timer(ctl->program.client, &timer) < 0 ? program_failed(&ctl->program) : 0;
}

/* ---- the name ---- */

static int refuse_list(const Ctl *ctl, const char *name) {
        cleanup_free_ char *dir = NULL;
        const bool category = category_find_dir(&dir) >= 0 && category_exists(dir, name + 1);
        char excerpt[TEXT_EXCERPT_MAX];

        text_excerpt(name, excerpt);
        return ctl_usage(ctl, "'%s' is a %s: pomoctl focus names show %s", excerpt,
                        category ? "category" : "list of names", excerpt + 1);
}

static int refuse_url(const Ctl *ctl, const char *url) {
        const char *scheme = strstr(url, "://"), *begin = scheme ? scheme + strlen("://") : url, *why;
        cleanup_free_ char *part = memory_copy_n(begin, strcspn(begin, ":/?#")), *host = NULL;
        char excerpt[TEXT_EXCERPT_MAX];

        text_excerpt(url, excerpt);
        if (host_ascii(part, &host, &why) < 0)
                return ctl_usage(ctl, "'%s' is a URL: the name alone is wanted, as in www.example.org",
                                excerpt);
        return ctl_usage(
                        ctl, "'%s' is a URL: the name alone is wanted: pomoctl focus test %s", excerpt, host);
}

static int check_name(const Ctl *ctl, const char *name) {
        cleanup_free_ char *host = NULL;
        char excerpt[TEXT_EXCERPT_MAX];
        const char *why;

        if (name[0] == '@' && name[1] != '\0')
                return refuse_list(ctl, name);
        if (strchr(name, '/'))
                return refuse_url(ctl, name);
        if (host_ascii(name, &host, &why) < 0)
                return ctl_usage(ctl, "'%s' is no host name: %s", text_excerpt(name, excerpt), why);
        return 0;
}

static int name_given(const Ctl *ctl, const Args *args) {
        if (args->n_words == 0)
                return ctl_usage(ctl, "which name? pomoctl focus test www.example.org");
        if (args->words[0][0] == '-')
                return ctl_usage(ctl, "'%.64s' is no name of a host", args->words[0]);
        if (ctl->program.other_user)
                return ctl_usage(ctl, "what is blocked is seen as whoever asks, not with --user");
        return ctl_check_text(ctl, "name", args->words[0], CAP_NOTE_BYTES) ?: check_name(ctl, args->words[0]);
}

/* ---- what it found ---- */

static int verb_focus_test(Ctl *ctl, const Args *args) {
        cleanup_(table_freep) Table *table = table_new((const char *const[]){ "PLACE", "IS", "WHY", NULL });
        cleanup_free_ char *host = helper_find(HOST, "../../plugins/host"), *text = NULL;
        char *rest, *line;
        int r = name_given(ctl, args);

        r = r ?: check_daemon(ctl);
        if (r != 0)
                return r;
        if (!host)
                return program_refused(&ctl->program,
                                "the plugin " PLUGIN " is not installed: there is no " POMOD_LIBEXECDIR
                                "/" HOST);
        r = ask(ctl, host, args->words[0], &text);
        if (r != 0)
                return r;
        for (rest = text; (line = strsep(&rest, "\n"));)
                show_line(ctl, table, line);
        if (ctl->program.json)
                return 0;
        table_print(table, stdout, ctl_columns(), ctl_colour(ctl, COLOUR_BOLD), ctl_colour(ctl, COLOUR_OFF));
        putchar('\n');
        wrap_print(stdout, BEYOND, 0, 0, ctl_columns());
        putchar('\n');
        return 0;
}

/* ---- the row of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_focus_test[] = {
        { .name = "focus test", .usage = "NAME", .words = 1, .run = verb_focus_test,
          .sentence = "say whether a name is blocked here and now, in each browser",
          .details = DETAILS("It asks as programs do: where the name leads, whether anybody answers there, and what the policies of each browser that is installed say. NAME is that of a host, as www.example.org.",
                             BEYOND),
          .examples = ITEMS({ "pomoctl focus test reddit.com", "is it really?" }, ) },
        {},
};
/* clang-format on */
