/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/once.h"

#include <assert.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/category.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "plugins/host/load.h"
#include "plugins/host/note.h"
#include "plugins/host/sentence.h"

#define DONE_WITHIN_USEC USEC_PER_MIN

static void on_done(void *userdata, uint64_t generation, int result) {
        Once *once = userdata;

        if (once->calling || !once->pending || generation != once->generation)
                return;
        once->pending = false;
        once->result = result < 0 ? result : 0;
}

static int on_late(sd_event_source *source, uint64_t usec, void *userdata) {
        Once *once = userdata;

        once->pending = false;
        once->result = -ETIMEDOUT;
        return 0;
}

/* What a call that returned r came to. */
static int finish(Once *once, int r, const char *call, char **ret_sentence) {
        sd_event_source *late = NULL;

        if (r == POMO_LATER) {
                once->pending = true;
                r = sd_event_add_time_relative(
                                once->event, &late, CLOCK_BOOTTIME, DONE_WITHIN_USEC, 1000, on_late, once);
                while (r >= 0 && once->pending)
                        r = sd_event_run(once->event, UINT64_MAX);
                sd_event_source_disable_unref(late);
                r = r < 0 ? r : once->result;
        }
        if (r >= 0)
                return 0;
        if (r == -ETIMEDOUT && !calls_sentence(once->calls))
                return sentence_set(ret_sentence, r, "%s of %s began, and was not done within 60 s", call,
                                once->plugin->name);
        return sentence_set(ret_sentence, r, "%s of %s failed: %s", call, once->plugin->name,
                        calls_sentence(once->calls) ?: strerror(-r));
}

int once_open(Once *once, char **ret_sentence) {
        int r;

        calls_explain_anew(once->calls);
        r = guard_open(once->guard, calls_host(once->calls), calls_table(), &once->plugin_state);
        return finish(once, r, "open()", ret_sentence);
}

int once_apply(Once *once, const PomoDesired *desired, char **ret_sentence) {
        int r;

        calls_explain_anew(once->calls);
        once->generation = desired->generation;
        once->calling = true;
        r = guard_apply(once->guard, once->plugin_state, desired);
        once->calling = false;
        return finish(once, r, "apply()", ret_sentence);
}

void once_close(Once *once) {
        guard_close(once->guard, once->plugin_state);
        calls_forget_all(once->calls);
}

int once_release(Once *once, char **ret_sentence) {
        int r;

        calls_explain_anew(once->calls);
        once->generation = 0;
        once->calling = true;
        r = guard_release(once->guard, calls_host(once->calls), calls_table());
        once->calling = false;
        return finish(once, r, "release()", ret_sentence);
}

/* ---- its beginning and its end ---- */

/* It ends this process right after. */
static void on_guard_failed(const char *sentence, void *userdata) {
        sentence_write(sentence);
}

int once_folder_new(char **ret_folder, char **ret_sentence) {
        const char *temporary = getenv("TMPDIR");
        cleanup_free_ char *folder =
                        memory_format("%s/pomod-plugin-XXXXXX", temporary && *temporary ? temporary : "/tmp");

        if (!mkdtemp(folder))
                return sentence_set(ret_sentence, -errno, "cannot make a folder for its state: %s",
                                strerror(errno));
        *ret_folder = steal(folder);
        return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where) {
        return remove(path);
}

void once_folder_remove(const char *folder) {
        (void) nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int make_state(Once *once, const char *name, char **ret_sentence) {
        int r = once->folder ? 0 : once_folder_new(&once->folder, ret_sentence);
        cleanup_free_ char *categories = NULL;
        Places places;

        if (r < 0)
                return r;
        r = category_find_dir(&categories);
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot find the categories: %s", strerror(-r));
        places = (Places){ .state_dir = once->folder,
                .category_dir = categories,
                .boot_id_path = "/proc/sys/kernel/random/boot_id" };
        return state_open(&places, name, false, &once->state, ret_sentence);
}

int once_load_with_state(Once *once, const char *path, const char *name, bool writes, char **ret_sentence) {
        int r;

        assert(once->state);
        r = guard_new(name, on_guard_failed, once, &once->guard);
        if (r >= 0)
                r = sd_event_new(&once->event);
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot watch over %s: %s", path, strerror(-r));
        r = guard_load(once->guard, path, geteuid() == 0, &once->plugin, ret_sentence);
        if (r < 0)
                return r;
        once->calls = calls_new(&(CallsConfig){
                        .event = once->event,
                        .guard = once->guard,
                        .state = writes ? once->state : NULL,
                        .session = !once->plugin->system,
                        .hooks = { .done = on_done },
                        .userdata = once,
        });
        return 0;
}

int once_load(Once *once, const char *path, const char *name, bool writes, char **ret_sentence) {
        int r;

        (void) signal(SIGPIPE, SIG_IGN);
        r = make_state(once, name, ret_sentence);
        return r < 0 ? r : once_load_with_state(once, path, name, writes, ret_sentence);
}

void once_clear(Once *once) {
        calls_unref(once->calls);
        sd_event_unref(once->event);
        table_free(once->plugin);
        state_close(once->state);
        if (once->folder && !once->kept)
                once_folder_remove(once->folder);
        free(once->folder);
}
