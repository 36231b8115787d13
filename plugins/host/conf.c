/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/conf.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "plugins/host/conf-file.h"

#define SUFFIX ".conf"
#define MASK                                                                                                 \
        (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | \
                        IN_MOVE_SELF | IN_ONLYDIR)
#define AFTER_ALL_EVENTS 10 /* a priority: one reading for all that was written together */

struct Conf {
        const Plugin *plugin;
        ConfChangedFunc changed;
        void *userdata;
        char *folder, *file, *drop_ins; /* paths */
        char *watched;                  /* the folder, or the nearest above it that is there */
        ConfTexts texts;
        Values *values;

        sd_event *event;
        sd_event_source *folder_watch, *drop_ins_watch, *again;
};

/* ---- reading ---- */

static int is_drop_in(const struct dirent *entry) {
        size_t n = strlen(entry->d_name);

        return entry->d_name[0] != '.' && n > strlen(SUFFIX) &&
               strcmp(entry->d_name + n - strlen(SUFFIX), SUFFIX) == 0;
}

/* By bytes, whatever the locale is. */
static int compare_entries(const struct dirent **a, const struct dirent **b) {
        return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_drop_ins(Conf *conf, ConfTexts *texts) {
        struct dirent **entries = NULL;
        int n, worst = 0;

        n = scandir(conf->drop_ins, &entries, is_drop_in, compare_entries);
        if (n < 0 && (errno == ENOENT || errno == ENOTDIR))
                return 0;
        if (n < 0) {
                worst = -errno;
                conf_file_mistake(texts, "%s cannot be read: %s", conf->drop_ins, strerror(-worst));
                return worst;
        }
        if (n > (int) CAP_PLUGIN_CONF_FILES)
                conf_file_mistake(texts, "%s has %d files, of which the first %u are read", conf->drop_ins, n,
                                CAP_PLUGIN_CONF_FILES);
        for (int i = 0; i < n; i++) {
                if (i < (int) CAP_PLUGIN_CONF_FILES) {
                        cleanup_free_ char *path = memory_format("%s/%s", conf->drop_ins, entries[i]->d_name);
                        int r = conf_file_read(path, conf->plugin, texts);

                        worst = r < 0 ? r : worst;
                }
                free(entries[i]);
        }
        free(entries);
        return worst;
}

static bool are_same(char *const *a, char *const *b) {
        size_t i = 0;

        if (!a || !b)
                return !a && !b;
        for (; a[i] && b[i]; i++)
                if (strcmp(a[i], b[i]) != 0)
                        return false;
        return !a[i] && !b[i];
}

/* What was known stays where a file that is there could not be read: nothing is lifted by that. */
static void keep_pairs(ConfTexts *before, ConfTexts *now) {
        ConfTexts texts = *now;

        texts.pairs = before->pairs;
        texts.n = before->n;
        texts.n_allocated = before->n_allocated;
        before->pairs = now->pairs;
        *now = texts;
}

static Values *make_values(const Conf *conf, const ConfTexts *texts, char **ret_sentence) {
        static const char *const none[1] = {};
        const char *const *pairs = texts->pairs ? (const char *const *) texts->pairs : none;
        Values *values;

        /* Lists are users', and root has none. */
        (void) values_make(conf->plugin, true, pairs, NULL, NULL, &values, ret_sentence);
        return values;
}

/* Whether anything is another than before. */
static bool read_all(Conf *conf) {
        cleanup_free_ char *sentence = NULL;
        ConfTexts texts = {};
        Values *values;
        int r, worst;

        worst = conf_file_read(conf->file, conf->plugin, &texts);
        r = read_drop_ins(conf, &texts);
        if (conf->values && (r < 0 || worst < 0))
                keep_pairs(&conf->texts, &texts);
        values = make_values(conf, &texts, &sentence);
        if (sentence)
                conf_file_mistake(&texts, "%s", sentence);
        if (conf->values && are_same(conf->texts.pairs, texts.pairs) &&
                        are_same(conf->texts.mistakes, texts.mistakes)) {
                values_free(values);
                conf_file_clear(&texts);
                return false;
        }
        values_free(conf->values);
        conf_file_clear(&conf->texts);
        conf->values = values;
        conf->texts = texts;
        return true;
}

/* ---- watching ---- */

/* A plain file that was only created is not written yet; who writes it closes it. */
static bool is_written(const char *folder, const struct inotify_event *event) {
        cleanup_free_ char *path = memory_format("%s/%s", folder, event->name);
        struct stat st;

        return !(event->mask & IN_CREATE) || lstat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1;
}

static int look_again(Conf *conf) {
        return sd_event_source_set_enabled(conf->again, SD_EVENT_ONESHOT);
}

static const char *base_of(const char *path) {
        return strrchr(path, '/') + 1;
}

/* Of the folder, or of one above where it is not there yet: that changes rarely, and all of it is looked at.
 */
static int on_folder(sd_event_source *source, const struct inotify_event *event, void *userdata) {
        Conf *conf = (Conf *) userdata;
        bool is_file = event->len > 0 && strcmp(event->name, base_of(conf->file)) == 0;

        if (event->len > 0 && strcmp(conf->watched, conf->folder) == 0 && !is_file &&
                        strcmp(event->name, base_of(conf->drop_ins)) != 0)
                return 0;
        return is_file && !is_written(conf->watched, event) ? 0 : look_again(conf);
}

static int on_drop_ins(sd_event_source *source, const struct inotify_event *event, void *userdata) {
        Conf *conf = (Conf *) userdata;

        return event->len > 0 && !is_written(conf->drop_ins, event) ? 0 : look_again(conf);
}

/* The nearest folder on the way that is there. */
static int watch_folder(Conf *conf) {
        cleanup_free_ char *path = memory_copy(conf->folder);
        int r;

        for (;;) {
                char *slash = strrchr(path, '/');

                r = sd_event_add_inotify(conf->event, &conf->folder_watch, path, MASK, on_folder, conf);
                if ((r != -ENOENT && r != -ENOTDIR) || !slash || strcmp(path, "/") == 0)
                        break;
                slash[slash == path ? 1 : 0] = '\0';
        }
        if (r < 0)
                return r;
        free(conf->watched);
        conf->watched = steal(path);
        return 0;
}

/* A folder may have been replaced under its name, so that both are looked for anew. */
static int watch(Conf *conf) {
        int r;

        conf->folder_watch = sd_event_source_disable_unref(conf->folder_watch);
        conf->drop_ins_watch = sd_event_source_disable_unref(conf->drop_ins_watch);
        r = watch_folder(conf);
        if (r >= 0)
                r = sd_event_add_inotify(
                                conf->event, &conf->drop_ins_watch, conf->drop_ins, MASK, on_drop_ins, conf);
        return r == -ENOENT || r == -ENOTDIR ? 0 : r;
}

/* Watched first: what is written while it is read is read again. */
static bool look(Conf *conf) {
        int r = conf->event ? watch(conf) : 0;
        bool changed = read_all(conf);

        if (r < 0)
                conf_file_mistake(&conf->texts, "changes of %s are not heard of until the next start: %s",
                                conf->folder, strerror(-r));
        return changed;
}

static int on_again(sd_event_source *source, void *userdata) {
        Conf *conf = (Conf *) userdata;

        if (look(conf))
                conf->changed(conf->userdata);
        return 0;
}

/* ---- a conf ---- */

int conf_new(sd_event *event, const Places *places, const Plugin *plugin, ConfChangedFunc changed,
                void *userdata, Conf **ret_conf) {
        Conf *conf;
        int r = 0;

        assert(places->conf_dir && plugin && (changed || !event) && ret_conf);
        conf = memory_new(Conf, 1);
        conf->plugin = plugin;
        conf->changed = changed;
        conf->userdata = userdata;
        conf->folder = memory_copy(places->conf_dir);
        conf->file = memory_format("%s/%s" SUFFIX, places->conf_dir, plugin->name);
        conf->drop_ins = memory_format("%s/%s" SUFFIX ".d", places->conf_dir, plugin->name);
        if (event) {
                conf->event = sd_event_ref(event);
                r = sd_event_add_defer(event, &conf->again, on_again, conf);
                if (r >= 0)
                        r = sd_event_source_set_priority(conf->again, AFTER_ALL_EVENTS);
                if (r >= 0)
                        r = sd_event_source_set_enabled(conf->again, SD_EVENT_OFF);
        }
        if (r < 0) {
                conf_free(conf);
                return r;
        }
        (void) look(conf);
        *ret_conf = conf;
        return 0;
}

void conf_free(Conf *conf) {
        if (!conf)
                return;
        sd_event_source_disable_unref(conf->folder_watch);
        sd_event_source_disable_unref(conf->drop_ins_watch);
        sd_event_source_disable_unref(conf->again);
        sd_event_unref(conf->event);
        values_free(conf->values);
        conf_file_clear(&conf->texts);
        free(conf->watched);
        free(conf->folder);
        free(conf->file);
        free(conf->drop_ins);
        free(conf);
}

const Values *conf_values(const Conf *conf) {
        return conf->values;
}

const char *const *conf_mistakes(const Conf *conf) {
        static const char *const none[1] = {};

        return conf->texts.mistakes ? (const char *const *) conf->texts.mistakes : none;
}
