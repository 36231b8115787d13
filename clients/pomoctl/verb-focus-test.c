/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/helper.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/verb.h"
#include "clients/pomoctl/wrap.h"
#include "common/caps.h"
#include "common/cleanup.h"

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

static int ask(const Ctl *ctl, const char *host, const char *name, char **ret_text) {
        cleanup_free_ char *bus = ctl->program.bus ? memory_format("--bus=%s", ctl->program.bus) : NULL;
        const char *words[] = { host, "--probe", PLUGIN, name, bus, NULL };
        int status = 0, r;

        r = helper_read(words, ret_text, &status);
        if (r < 0)
                return program_errno(&ctl->program, r, "cannot start " HOST);
        return status != 0 ? CLIENT_EXIT_REFUSED : 0; /* it has said why */
}

static int name_given(const Ctl *ctl, const Args *args) {
        if (args->n_words == 0)
                return ctl_usage(ctl, "which name? pomoctl focus test www.example.org");
        if (args->words[0][0] == '-')
                return ctl_usage(ctl, "'%.64s' is no name of a host", args->words[0]);
        if (ctl->program.other_user)
                return ctl_usage(ctl, "what is blocked is seen as whoever asks, not with --user");
        return ctl_check_text(ctl, "name", args->words[0], CAP_NOTE_BYTES);
}

static int verb_focus_test(Ctl *ctl, const Args *args) {
        cleanup_(table_freep) Table *table = table_new((const char *const[]){ "PLACE", "IS", "WHY", NULL });
        cleanup_free_ char *host = helper_find(HOST, "../../plugins/host"), *text = NULL;
        char *rest, *line;
        int r = name_given(ctl, args);

        if (r != 0)
                return r;
        if (!host)
                return program_errno(&ctl->program, -ENOENT,
                                "what is blocked is looked at by " POMOD_LIBEXECDIR "/" HOST);
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
