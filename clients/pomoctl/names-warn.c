/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/names-warn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/list.h"
#include "common/category.h"
#include "common/cleanup.h"
#include "common/names.h"
#include "common/site-name.h"

#define OPEN_NAMED   10u /* in a sentence; more are counted */
#define OPEN_REASONS 8u

/* ---- what is not granted ---- */

static bool lacks(struct json_object *profile, const char *name) {
        struct json_object *items = NULL;

        json_object_object_get_ex(profile, "NotGranted", &items);
        for (size_t i = 0; items && i < json_object_array_length(items); i++) {
                const char *item = json_object_get_string(json_object_array_get_idx(items, i));

                if (item[0] == '@' && strcmp(item + 1, name) == 0)
                        return true;
        }
        return false;
}

int names_warn_not_granted(const Ctl *ctl, const char *name) {
        cleanup_(records_done) Records records =
                        records_ask(&ctl->program, POMOD_INTERFACE_FOCUS, "ListProfiles", NULL, "");

        for (struct json_object *record; (record = records_next(&records));) {
                cleanup_free_ char *profile = NULL, *sentence = NULL;

                if (!lacks(record, name))
                        continue;
                profile = memory_safe_text(record_text(record, "Name"));
                sentence = memory_format(
                                "what @%s names now is not granted to the profile %s, which blocks none of it: pomoctl focus profile grant %s",
                                name, profile, profile);
                program_warn(&ctl->program, sentence);
        }
        return records.status;
}

/* ---- what stays open ---- */

/* Names of a list that stay open, for one reason. */
typedef struct Open {
        const char *why; /* NULL: there are none */
        char *names;     /* the first ones; owned */
        size_t n;
} Open;

static void note_open(Open open[OPEN_REASONS], const char *why, const char *name) {
        char *names;
        size_t i = 0;

        while (i < OPEN_REASONS - 1 && open[i].why && open[i].why != why)
                i++;
        open[i].why = why;
        if (open[i].n++ >= OPEN_NAMED)
                return;
        names = memory_format("%s%s%s", open[i].names ?: "", open[i].names ? ", " : "", name);
        free(open[i].names);
        open[i].names = names;
}

static void say_open(const Ctl *ctl, const char *list, const Open *open) {
        char more[40] = "";
        cleanup_free_ char *sentence = NULL;

        if (open->n > OPEN_NAMED)
                snprintf(more, sizeof(more), " and %zu more", open->n - OPEN_NAMED);
        sentence = memory_format("@%s names %s%s, which %s open: %s", list, open->names, more,
                        open->n == 1 ? "stays" : "stay", open->why);
        program_warn(&ctl->program, sentence);
}

void names_warn_open(const Ctl *ctl, const char *list, const NamesFile *file) {
        cleanup_(site_names_freep) SiteNames *sites = site_names_new();
        Open open[OPEN_REASONS] = {};
        const char *end = file->names + strlen(file->names), *line_end;

        for (const char *at = file->names; (line_end = memchr(at, '\n', (size_t) (end - at)));
                        at = line_end + 1) {
                cleanup_free_ char *name = memory_copy_n(at, (size_t) (line_end - at));
                const char *why = site_names_why_not(sites, name);

                if (why)
                        note_open(open, why, name);
        }
        for (size_t i = 0; i < OPEN_REASONS; i++) {
                if (open[i].why)
                        say_open(ctl, list, &open[i]);
                free(open[i].names);
        }
}

/* ---- what is gone ---- */

static bool has_word(const char *value, const char *list) {
        while (*value) {
                size_t n;

                value += strspn(value, ";, \t");
                n = strcspn(value, ";, \t");
                if (n == strlen(list) + 1 && value[0] == '@' && strncmp(value + 1, list, n - 1) == 0)
                        return true;
                value += n;
        }
        return false;
}

/* Whether a setting of a profile, PLUGIN.KEY, names the list. */
static bool names_list(struct json_object *profile, const char *list) {
        json_object_object_foreach(profile, key, value) {
                if (strchr(key, '.') && json_object_is_type(value, json_type_string) &&
                                has_word(json_object_get_string(value), list))
                        return true;
        }
        return false;
}

static bool is_category(const char *name) {
        cleanup_free_ char *dir = NULL;

        return category_find_dir(&dir) >= 0 && category_exists(dir, name);
}

int names_warn_gone(const Ctl *ctl, const char *name) {
        cleanup_(records_done) Records records =
                        records_ask(&ctl->program, POMOD_INTERFACE_FOCUS, "ListProfiles", NULL, "");

        for (struct json_object *record; (record = records_next(&records));) {
                cleanup_free_ char *profile = NULL, *sentence = NULL;

                if (!names_list(record, name) || is_category(name))
                        continue;
                profile = memory_safe_text(record_text(record, "Name"));
                sentence = memory_format(
                                "the profile %s names @%s, which is gone: that part of it does nothing from its next time on; make the list again with pomoctl focus names set %s FILE, or change the profile",
                                profile, name, name);
                program_warn(&ctl->program, sentence);
        }
        return records.status;
}
