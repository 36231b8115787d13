/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Lists of names, and the categories that come with the package. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "clients/lib/host-ascii.h"
#include "clients/lib/memory.h"
#include "clients/lib/pipe.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/list.h"
#include "clients/pomoctl/names-read.h"
#include "clients/pomoctl/names-warn.h"
#include "clients/pomoctl/verb.h"
#include "common/category.h"
#include "common/cleanup.h"
#include "common/names.h"
#include "common/write.h"

/* The name of a list, with its @ or without, as a profile has it. 0, or what to exit with. */
static int list_given(const Ctl *ctl, const Args *args, const char **ret_name) {
        int r = named_given(ctl, args, "list");

        if (r == 0)
                *ret_name = args->words[0] + (args->words[0][0] == '@');
        return r;
}

/* 0, or what to exit with. */
static int find_categories(const Ctl *ctl, char **ret_dir) {
        int r = category_find_dir(ret_dir);

        return r < 0 ? program_errno(&ctl->program, r, "cannot find the categories") : 0;
}

/* ---- set ---- */

/* pomod takes nothing that it could be made to wait for. */
static int make_memfd(const char *text, int *ret_fd) {
        cleanup_close_ int fd = memfd_create("names", MFD_CLOEXEC);
        int r = fd < 0 ? -errno : write_all(fd, text);

        if (r < 0)
                return r;
        *ret_fd = steal_fd(fd);
        return 0;
}

static int send_names(const Ctl *ctl, const char *name, const NamesFile *file) {
        cleanup_close_ int fd = -1;
        int r = make_memfd(file->names, &fd);

        if (r < 0)
                return program_errno(&ctl->program, r, "cannot hold the names for pomod");
        return program_call(&ctl->program, POMOD_INTERFACE_FOCUS, "SetList", NULL, NULL, "sh", name, fd);
}

static int verb_names_set(Ctl *ctl, const Args *args) {
        cleanup_(names_file_done) NamesFile file = {};
        const char *name;
        int r = list_given(ctl, args, &name)
                                ?: names_read_given(ctl, args, &file)
                                ?: send_names(ctl, name, &file) ?: names_warn_not_granted(ctl, name);

        if (r != 0)
                return r;
        names_warn_open(ctl, name, &file);
        if (ctl->program.json) {
                json_say("sttt", "name", name, "names", (uint64_t) file.n_names, "lines",
                                (uint64_t) file.n_lines, "left_out", (uint64_t) file.n_wrong);
                return 0;
        }
        printf("list @%s: %zu name%s, of %zu line%s\n", name, file.n_names, file.n_names == 1 ? "" : "s",
                        file.n_lines, file.n_lines == 1 ? "" : "s");
        return 0;
}

/* ---- show ---- */

static void print_name(const Ctl *ctl, const char *name) {
        cleanup_free_ char *shown = host_ascii_shown(name), *safe = shown ? memory_safe_text(shown) : NULL;

        if (ctl->program.json)
                json_say("ss", "name", name, "shown", safe ?: name);
        else if (safe)
                printf("%s # %s\n", name, safe);
        else
                printf("%s\n", name);
}

static int category_show(const Ctl *ctl, const char *name, char **ret_text) {
        cleanup_free_ char *dir = NULL, *what = NULL;
        int r = find_categories(ctl, &dir);

        if (r != 0)
                return r;
        r = category_read(dir, name, ret_text);
        if (r == -ENOENT)
                return ctl_usage(ctl,
                                "there is no list and no category '%.64s'; pomoctl focus names list names them",
                                name);
        what = memory_format("cannot read the category @%s", name);
        return r < 0 ? program_errno(&ctl->program, r, what) : 0;
}

/* A list of the user's is meant before a category of its name. */
static int list_show_text(const Ctl *ctl, const char *name, char **ret_text) {
        cleanup_(record_putp) struct json_object *record = NULL;
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        int r = record_find_named(&ctl->program, POMOD_INTERFACE_FOCUS, "ListLists", name, &record);

        if (r != 0)
                return r;
        if (!record)
                return category_show(ctl, name, ret_text);
        return program_call(&ctl->program, POMOD_INTERFACE_FOCUS, "GetList", NULL, &reply, "s", name)
                               ?: pipe_read_text(&ctl->program, reply, ret_text);
}

static int verb_names_show(Ctl *ctl, const Args *args) {
        cleanup_free_ char *text = NULL;
        const char *list;
        int r = list_given(ctl, args, &list) ?: list_show_text(ctl, list, &text);

        if (r != 0)
                return r;
        for (char *name = text, *next; *name; name = next) {
                const size_t size = strcspn(name, "\n");

                next = name + size + (name[size] == '\n');
                name[size] = '\0';
                print_name(ctl, name);
        }
        return 0;
}

/* ---- list ---- */

static void add_row(const Ctl *ctl, Table *table, const char *name, bool category, uint64_t names) {
        char count[24];

        if (ctl->program.json) {
                json_say("sst", "name", name, "kind", category ? "category" : "list", "names", names);
                return;
        }
        snprintf(count, sizeof(count), "%" PRIu64, names);
        table_add(table, (const char *const[]){ name, count, category ? "a category of pomod" : "yours" });
}

static uint64_t count_lines(const char *text) {
        uint64_t n = 0;

        for (; (text = strchr(text, '\n')); text++)
                n++;
        return n;
}

static void put_names(char ***names) {
        for (char **name = *names; name && *name; name++)
                free(*name);
        free(*names);
}

static int list_categories(const Ctl *ctl, Table *table) {
        cleanup_(put_names) char **names = NULL;
        cleanup_free_ char *dir = NULL;
        int r = find_categories(ctl, &dir);

        if (r == 0 && (r = category_list(dir, &names)) < 0)
                return program_errno(&ctl->program, r, "cannot list the categories");
        for (char **name = names; r == 0 && *name; name++) {
                cleanup_free_ char *text = NULL;

                if (category_read(dir, *name, &text) == 0)
                        add_row(ctl, table, *name, true, count_lines(text));
        }
        return r;
}

static int verb_names_list(Ctl *ctl, const Args *args) {
        static const char *const headings[] = { "NAME", ">NAMES", "WHOSE", NULL };
        cleanup_(records_done) Records records =
                        records_ask(&ctl->program, POMOD_INTERFACE_FOCUS, "ListLists", NULL, "");
        cleanup_(table_freep) Table *table = table_new(headings);
        int r;

        for (struct json_object *record; (record = records_next(&records));)
                add_row(ctl, table, record_text(record, "Name"), false, record_u64(record, "Count"));
        r = records.status ?: list_categories(ctl, table);
        if (r == 0 && !ctl->program.json)
                table_print(table, stdout, ctl_columns(), ctl_colour(ctl, COLOUR_BOLD),
                                ctl_colour(ctl, COLOUR_OFF));
        return r;
}

/* ---- remove ---- */

static int verb_names_remove(Ctl *ctl, const Args *args) {
        const char *name;
        int r = list_given(ctl, args, &name)
                                ?: program_call(&ctl->program, POMOD_INTERFACE_FOCUS, "RemoveList", NULL,
                                                   NULL, "s", name)
                                ?: names_warn_gone(ctl, name);

        if (r != 0)
                return r;
        if (ctl->program.json)
                json_say("sb", "name", name, "removed", true);
        else
                named_say("removed", "list", name);
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_names[] = {
        { .name = "focus names", .usage = "[list]", .run = verb_names_list,
          .sentence = "list the lists of names that a profile can name as @NAME",
          .examples = ITEMS({ "pomoctl focus names", "your lists, and the categories that come with pomod" }, ) },
        { .name = "focus names list", .usage = "", .run = verb_names_list,
          .sentence = "list your lists of names, and the categories that come with pomod",
          .examples = ITEMS({ "pomoctl focus names list --json", "for a script" }, ) },
        { .name = "focus names show", .usage = "NAME", .words = 1, .run = verb_names_show,
          .sentence = "show the names of a list or a category, one a line",
          .details = DETAILS("Names are shown as they are on the net, with a comment where people write them in other letters. What is shown can be read back by pomoctl focus names set."),
          .examples = ITEMS({ "pomoctl focus names show social", "what @social blocks" }, ) },
        { .name = "focus names set", .usage = "NAME FILE", .words = 2, .run = verb_names_set,
          .sentence = "make a list of the names in a file, or give it other names",
          .details = DETAILS("The file has a name a line, or lines as of /etc/hosts; # begins a comment; - is standard input. Names are taken in letters of any language, and what stands twice is taken once. A line with something else is left out, and said; a file without any name is refused.",
                             "A profile names the list as @NAME. What is in force keeps the names that the list had when it began: pomoctl focus off, and on again, takes the new ones. A list can have 20000 names; it cannot have the name of a category."),
          .examples = ITEMS({ "pomoctl focus names set mine distracting.txt", "named in a profile as in sites.Block=@mine" },
                          { "curl -s https://example.org/hosts | pomoctl focus names set web -", "one that somebody keeps" }, ) },
        { .name = "focus names remove", .usage = "NAME", .words = 1, .run = verb_names_remove,
          .sentence = "remove a list; what is in force keeps its names to its end",
          .examples = ITEMS({ "pomoctl focus names remove web", "no longer needed" }, ) },
        {},
};
/* clang-format on */
