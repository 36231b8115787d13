/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/chromium-plan.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugins/sites/policy-folder.h"
#include "plugins/sites/policy.h"
#include "plugins/sites/replace.h"

#define NAMED_MAX 3u
#define MODE      0644u

/* ---- what is said ---- */

__attribute__((format(printf, 2, 3))) static void say(GString *said, const char *format, ...) {
        va_list ap;

        if (said->len > 0)
                g_string_append(said, "; ");
        va_start(ap, format);
        g_string_append_vprintf(said, format, ap);
        va_end(ap);
}

/* "a.example, b.example, c.example and 4 others". */
static char *join(const GPtrArray *texts) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < texts->len && i < NAMED_MAX; i++)
                g_string_append_printf(
                                text, "%s%s", i > 0 ? ", " : "", (const char *) g_ptr_array_index(texts, i));
        if (texts->len > NAMED_MAX)
                g_string_append_printf(text, " and %u others", texts->len - NAMED_MAX);
        return g_string_free(text, FALSE);
}

static void say_policy(GString *said, const Browser *browser, const Policy *policy) {
        g_autofree char *problems = policy->problems->len > 0 ? join(policy->problems) : NULL;

        if (problems)
                say(said, "%s ignores what is wrong in %s: %s", browser->name, browser->folder, problems);
        if (policy->block.file && strcmp(policy->block.file, POLICY_OWN) > 0)
                say(said, "%s blocks nothing of this, since it takes the URLBlocklist of %s/%s alone: rename that file so that it sorts before " POLICY_OWN,
                                browser->name, browser->folder, policy->block.file);
}

static void say_open(GString *said, const Browser *browser, const Policy *policy, const GPtrArray *patterns,
                guint n) {
        g_autoptr(GPtrArray) open = policy_let_through(policy, patterns, n);
        g_autofree char *names = join(open);

        if (open->len > 0)
                say(said, "%s opens %s all the same, by the URLAllowlist of %s/%s", browser->name, names,
                                browser->folder, policy->allow.file);
}

static void say_room(GString *said, const Browser *browser, guint n, guint n_wanted) {
        if (n < n_wanted)
                say(said, "%s blocks %u of %u names by its policy, which takes %u entries", browser->name, n,
                                n_wanted, POLICY_ENTRIES_MAX);
}

/* ---- the plan ---- */

int chromium_plan_make(const Browser *browser, const GPtrArray *patterns, ChromiumPlan *ret_plan) {
        g_autoptr(GString) said = g_string_new(NULL);
        g_autoptr(Policy) policy = NULL;
        ChromiumPlan plan = {};
        int r = policy_folder_read(browser->folder, &policy);

        if (r < 0)
                return r;
        plan.path = g_build_filename(browser->folder, POLICY_OWN, NULL);
        plan.text = policy_compose(policy, patterns, &plan.n);
        say_policy(said, browser, policy);
        say_open(said, browser, policy, patterns, plan.n);
        say_room(said, browser, plan.n, patterns->len);
        plan.said = said->len > 0 ? g_strdup(said->str) : NULL;
        *ret_plan = plan;
        return 0;
}

void chromium_plan_clear(ChromiumPlan *plan) {
        g_clear_pointer(&plan->path, g_free);
        g_clear_pointer(&plan->text, g_free);
        g_clear_pointer(&plan->said, g_free);
}

/* ---- the file ---- */

/* A file of ours is a plain one of root's, which browsers can read and nobody else can write. */
static bool is_plain(const char *path) {
        struct stat st;

        return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 07777) == MODE &&
               st.st_uid == geteuid();
}

static bool is_there(const char *path) {
        struct stat st;

        return lstat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

bool chromium_plan_holds(const ChromiumPlan *plan) {
        g_autofree char *text = NULL;
        gsize size;

        if (!plan->text)
                return !is_there(plan->path);
        return is_plain(plan->path) && g_file_get_contents(plan->path, &text, &size, NULL) &&
               size == strlen(plan->text) && memcmp(text, plan->text, size) == 0;
}

int chromium_plan_carry_out(const ChromiumPlan *plan, char **ret_sentence) {
        int r = 0;

        if (chromium_plan_holds(plan))
                return 0;
        if (!plan->text || (is_there(plan->path) && !is_plain(plan->path)))
                r = replace_remove(plan->path, ret_sentence);
        if (r >= 0 && plan->text)
                r = replace_file(plan->path, plan->text, strlen(plan->text), ret_sentence);
        return r;
}
