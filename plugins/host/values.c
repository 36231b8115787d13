/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/values.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/text.h"
#include "plugins/host/names.h"
#include "plugins/host/sentence.h"
#include "plugins/host/value.h"

#define LEFT_OUT   "is left out"
#define FALLS_BACK "is as if it were not set"
#define IN_PART    "holds in part"

/* What Values points into; its first member is the Values that is handed out. */
typedef struct Made {
        Values values;
        PomoValue *each;
        const PomoValue **list;
} Made;

/* While they are made. */
typedef struct Making {
        const Plugin *plugin;
        ValuesListFunc resolve;
        void *userdata;
        char *sentence; /* about the first thing that was left out */
} Making;

/* Names that grow one by one. */
typedef struct Names {
        char **list;
        size_t n, n_allocated;
} Names;

/* how: what becomes of the key, as "is left out". */
static void leave_out(Making *making, const char *key, const char *how, char **why) {
        if (!making->sentence)
                making->sentence = memory_format("%s.%s %s: %s", making->plugin->name, key, how, *why);
        free(*why);
        *why = NULL;
}

static void add_name(Names *names, char *name) {
        /* A NULL follows. */
        names->list = (char **) memory_reserve(
                        names->list, names->n + 2, &names->n_allocated, sizeof(char *));
        names->list[names->n++] = name;
        names->list[names->n] = NULL;
}

/* ---- names ---- */

static void add_host(Making *making, const PomoSetting *setting, const char *text, Names *names) {
        char *name, *why = NULL;

        if (names_to_ascii(text, &name, &why) < 0)
                leave_out(making, setting->key, IN_PART, &why);
        else
                add_name(names, name);
}

static void add_list(Making *making, const PomoSetting *setting, const char *list, Names *names) {
        char excerpt[TEXT_EXCERPT_MAX], *why = NULL;
        const char *text = "";
        int r;

        r = making->resolve ? making->resolve(list, making->userdata, &text) : -ENOENT;
        if (r < 0) {
                text_excerpt(list, excerpt);
                if (r == -ENOENT)
                        sentence_set(&why, r, "there is no list @%s; make it first", excerpt);
                else if (r == -E2BIG)
                        sentence_set(&why, r,
                                        "with the list @%s the user's claims would have more than %u names of lists, the most there can be",
                                        excerpt, CAP_GIVEN_LIST_NAMES);
                else
                        sentence_set(&why, r, "the list @%s cannot be read: %s", excerpt, strerror(-r));
                leave_out(making, setting->key, IN_PART, &why);
                return;
        }
        for (const char *end = text + strlen(text), *next; text < end; text = next + 1) {
                next = memchr(text, '\n', (size_t) (end - text)) ?: end;
                if (next > text) {
                        cleanup_free_ char *line = memory_copy_n(text, (size_t) (next - text));

                        add_host(making, setting, line, names);
                }
        }
}

static int compare_names(const void *a, const void *b) {
        return strcmp(*(char *const *) a, *(char *const *) b);
}

static void sort_names(Names *names) {
        size_t kept = 0;

        if (names->n == 0)
                return;
        qsort(names->list, names->n, sizeof(char *), compare_names);
        for (size_t i = 0; i < names->n; i++)
                if (kept > 0 && strcmp(names->list[kept - 1], names->list[i]) == 0)
                        free(names->list[i]);
                else
                        names->list[kept++] = names->list[i];
        names->list[kept] = NULL;
        names->n = kept;
}

/* In the order given: a word that is there already is dropped. */
static void add_word(Names *names, char *word) {
        for (size_t i = 0; i < names->n; i++)
                if (strcmp(names->list[i], word) == 0) {
                        free(word);
                        return;
                }
        add_name(names, word);
}

/* false: it was named before in the same text. */
static bool is_first(Names *lists, const char *list) {
        const size_t n = lists->n;

        add_word(lists, memory_copy(list));
        return lists->n > n;
}

static void clear_names(Names *names) {
        for (size_t i = 0; i < names->n; i++)
                free(names->list[i]);
        free(names->list);
}

static void make_names(Making *making, const PomoSetting *setting, const char *text, PomoValue *value) {
        cleanup_(clear_names) Names lists = {};
        Names names = {};

        for (;;) {
                char *item = value_next_item(setting, &text);

                if (!item)
                        break;
                if (setting->type == POMO_WORDS) {
                        add_word(&names, item);
                        continue;
                }
                if (!value_list(item))
                        add_host(making, setting, item, &names);
                else if (is_first(&lists, value_list(item)))
                        add_list(making, setting, value_list(item), &names);
                free(item);
        }
        if (setting->type == POMO_NAMES)
                sort_names(&names);
        value->names = (const char *const *) (names.list ? names.list : memory_new(char *, 1));
        value->n_names = names.n;
}

/* ---- values ---- */

static const char *text_of(const char *const *keys_and_texts, const char *key) {
        for (; *keys_and_texts; keys_and_texts += 2)
                if (strcasecmp(keys_and_texts[0], key) == 0)
                        return keys_and_texts[1];
        return NULL;
}

/* What of a text can hold: all of it, or what the setting falls back to. NULL: nothing. */
static const char *usable_text(Making *making, const PomoSetting *setting, const char *text) {
        char *why = NULL;

        if (!text || value_check(setting, text, &why) >= 0)
                return text ? text : setting->fallback;
        /* Of names each is judged by itself. */
        if (setting->type == POMO_NAMES && text_check(text, SIZE_MAX - 1) == 0) {
                free(why);
                return text;
        }
        leave_out(making, setting->key, setting->fallback ? FALLS_BACK : LEFT_OUT, &why);
        return setting->fallback;
}

static void make_value(Making *making, const PomoSetting *setting, const char *text, PomoValue *value) {
        *value = (PomoValue){
                .size = sizeof(*value),
                .key = setting->key,
                .text = memory_copy(text),
                .number = value_number(setting, text),
        };
        if (setting->type == POMO_WORDS || setting->type == POMO_NAMES)
                make_names(making, setting, text, value);
}

static void look_for_unknown(Making *making, bool standing, const char *const *keys_and_texts) {
        for (; *keys_and_texts; keys_and_texts += 2) {
                char excerpt[TEXT_EXCERPT_MAX], *why = NULL;

                if (table_setting(making->plugin, keys_and_texts[0], standing))
                        continue;
                text_excerpt(keys_and_texts[0], excerpt);
                sentence_set(&why, -EINVAL, "%s %s has no %s of that name", making->plugin->name,
                                making->plugin->version, standing ? "standing setting" : "key of a profile");
                leave_out(making, excerpt, LEFT_OUT, &why);
        }
}

int values_make(const Plugin *plugin, bool standing, const char *const *keys_and_texts,
                ValuesListFunc resolve, void *userdata, Values **ret_values, char **ret_sentence) {
        Making making = { .plugin = plugin, .resolve = resolve, .userdata = userdata };
        Made *made;

        assert(plugin && keys_and_texts && ret_values);
        made = memory_new(Made, 1);
        made->each = memory_new(PomoValue, plugin->n_settings);
        made->list = memory_new(const PomoValue *, plugin->n_settings + 1);
        for (size_t i = 0; i < plugin->n_settings; i++) {
                const PomoSetting *setting = &plugin->settings[i];
                const char *text;

                if (standing != !!(setting->flags & POMO_STANDING))
                        continue;
                text = usable_text(&making, setting, text_of(keys_and_texts, setting->key));
                if (!text)
                        continue;
                make_value(&making, setting, text, &made->each[made->values.n]);
                made->list[made->values.n] = &made->each[made->values.n];
                made->values.n++;
        }
        look_for_unknown(&making, standing, keys_and_texts);
        made->values.list = made->list;
        *ret_values = &made->values;
        if (!making.sentence)
                return 0;
        if (ret_sentence)
                *ret_sentence = making.sentence;
        else
                free(making.sentence);
        return 1;
}

void values_free(Values *values) {
        Made *made = (Made *) values;

        if (!made)
                return;
        for (size_t i = 0; i < values->n; i++) {
                const PomoValue *value = &made->each[i];

                for (size_t j = 0; j < value->n_names; j++)
                        free((char *) value->names[j]);
                free((void *) value->names);
                free((char *) value->text);
        }
        free(made->each);
        free(made->list);
        free(made);
}
