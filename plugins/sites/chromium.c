/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/chromium.h"

#include <errno.h>
#include <string.h>

#include "common/cleanup.h"
#include "plugins/sites/browsers.h"
#include "plugins/sites/chromium-folders.h"
#include "plugins/sites/chromium-patterns.h"
#include "plugins/sites/chromium-plan.h"
#include "plugins/sites/chromium-record.h"
#include "plugins/sites/chromium-watch.h"
#include "plugins/sites/policy.h"
#include "plugins/sites/replace.h"

/* What was made so, to see whether another program changed it. */
struct ChromiumState {
        Backend *backend;
        GPtrArray *patterns;
        GPtrArray *targets; /* of const Browser * */
        GPtrArray *said;    /* of char *: of each target, "" for nothing */
        ChromiumWatch *watch;
};

/* One that fails keeps no other from its turn, and what failed last is the result. */
static void add_result(int *result, int r) {
        if (r < 0)
                *result = r;
}

/* ---- watching ---- */

static bool has_changed(const struct ChromiumState *state, guint i) {
        g_auto(ChromiumPlan) plan = {};

        if (chromium_plan_make(g_ptr_array_index(state->targets, i), state->patterns, &plan) < 0)
                return true;
        return !chromium_plan_holds(&plan) || strcmp(plan.said ?: "", g_ptr_array_index(state->said, i)) != 0;
}

static void on_change(void *data) {
        const struct ChromiumState *state = data;
        const Backend *backend = state->backend;

        for (guint i = 0; i < state->targets->len; i++)
                if (has_changed(state, i)) {
                        backend->calls->look_again(backend->host);
                        return;
                }
}

void chromium_close(Backend *backend) {
        struct ChromiumState *state = steal(backend->chromium);

        if (!state)
                return;
        chromium_watch_free(state->watch);
        g_ptr_array_unref(state->patterns);
        g_ptr_array_unref(state->targets);
        g_ptr_array_unref(state->said);
        g_free(state);
}

/* Watches before it is looked at, so that nothing happens unseen. */
static struct ChromiumState *watch_anew(Backend *backend, GPtrArray *patterns, GPtrArray *targets) {
        struct ChromiumState *state = g_new0(struct ChromiumState, 1);

        chromium_close(backend);
        *state = (struct ChromiumState){ .backend = backend,
                .patterns = g_ptr_array_ref(patterns),
                .targets = g_ptr_array_ref(targets),
                .said = g_ptr_array_new_with_free_func(g_free) };
        backend->chromium = state;
        if (targets->len == 0)
                return state;
        state->watch = chromium_watch_new(backend, on_change, state);
        if (!state->watch)
                backend_say(backend,
                                "changes to policies of browsers are followed late, as this computer has no watch left: raise fs.inotify.max_user_instances");
        for (guint i = 0; state->watch && i < targets->len; i++)
                chromium_watch_add(state->watch, ((const Browser *) g_ptr_array_index(targets, i))->folder);
        return state;
}

/* ---- engaging ---- */

/* The browsers that are here, and those that were when we began. */
static GPtrArray *find_targets(const ChromiumRecord *record) {
        GPtrArray *targets = g_ptr_array_new();

        for (size_t i = 0; i < browsers_n; i++)
                if (browsers[i].folder && (chromium_record_has(record->browsers, browsers[i].key) ||
                                                          browser_reads_folder(&browsers[i])))
                        g_ptr_array_add(targets, (gpointer) &browsers[i]);
        return targets;
}

/* What will be made is saved first. */
static int put_on_record(const Backend *backend, ChromiumRecord *record, const GPtrArray *targets) {
        guint n_folders = record->folders->len;
        bool is_new = false;

        for (guint i = 0; i < targets->len; i++) {
                const Browser *browser = g_ptr_array_index(targets, i);

                is_new = chromium_record_add(record->browsers, browser->key) || is_new;
                chromium_folders_missing(browser->folder, record->folders);
        }
        return is_new || record->folders->len > n_folders ? chromium_record_save(backend, record) : 0;
}

/* n: set to what it takes, where that is less. */
static int engage(Backend *backend, const Browser *browser, const GPtrArray *patterns, guint *n,
                char **ret_said) {
        g_auto(ChromiumPlan) plan = {};
        cleanup_free_ char *sentence = NULL;
        int r = chromium_plan_make(browser, patterns, &plan);

        if (r < 0)
                backend_say(backend, "cannot read the policies of %s in %s: %s", browser->name,
                                browser->folder, g_strerror(-r));
        else if (plan.said)
                backend_say(backend, "%s", plan.said);
        *ret_said = g_strdup(plan.said ?: "");
        *n = MIN(*n, plan.n);
        if (r < 0)
                return r;
        r = chromium_plan_carry_out(&plan, &sentence);
        if (r < 0)
                backend_say(backend, "%s blocks nothing by its policy: %s", browser->name,
                                sentence ?: g_strerror(-r));
        return r;
}

static int make_folder(Backend *backend, const Browser *browser) {
        int r = chromium_folders_make(browser->folder);

        if (r < 0)
                backend_say(backend, "cannot make %s, so that %s blocks nothing by its policy: %s",
                                browser->folder, browser->name, g_strerror(-r));
        return r;
}

int chromium_apply(Backend *backend, const Wanted *wanted, guint *ret_n) {
        g_autoptr(GPtrArray) patterns = chromium_patterns(wanted), targets = NULL;
        g_auto(ChromiumRecord) record = {};
        struct ChromiumState *state;
        int r, result = 0;

        *ret_n = 0;
        if (patterns->len == 0)
                return chromium_release(backend);
        chromium_record_load(backend, &record);
        targets = find_targets(&record);
        r = put_on_record(backend, &record, targets);
        if (r < 0) {
                backend_say(backend,
                                "cannot write down what the policies of browsers were, and so leaves them alone: %s",
                                g_strerror(-r));
                return r;
        }
        for (guint i = 0; i < targets->len; i++)
                add_result(&result, make_folder(backend, g_ptr_array_index(targets, i)));
        state = watch_anew(backend, patterns, targets);
        *ret_n = targets->len > 0 ? patterns->len : 0;
        for (guint i = 0; i < targets->len; i++) {
                char *said;

                add_result(&result, engage(backend, g_ptr_array_index(targets, i), patterns, ret_n, &said));
                g_ptr_array_add(state->said, said);
        }
        return result;
}

/* ---- releasing ---- */

/* The name is ours alone, so that it is removed also where what was saved is lost. */
static int remove_file(Backend *backend, const Browser *browser) {
        g_autofree char *path = g_build_filename(browser->folder, POLICY_OWN, NULL);
        cleanup_free_ char *sentence = NULL;
        int r = replace_remove(path, &sentence);

        if (r < 0)
                backend_say(backend, "%s goes on blocking: %s", browser->name, sentence ?: g_strerror(-r));
        return r;
}

int chromium_release(Backend *backend) {
        g_auto(ChromiumRecord) record = {};
        const char *folder = NULL;
        int r, result = 0;

        chromium_close(backend);
        chromium_record_load(backend, &record);
        for (size_t i = 0; i < browsers_n; i++)
                if (browsers[i].folder)
                        add_result(&result, remove_file(backend, &browsers[i]));
        r = chromium_folders_remove(record.folders, &folder);
        if (r < 0)
                backend_say(backend, "cannot remove %s, which was made for a policy: %s", folder,
                                g_strerror(-r));
        add_result(&result, r);
        return result < 0 ? result : chromium_record_drop(backend);
}
