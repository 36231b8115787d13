/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <string.h>

#include "daemon/core/consent.h"
#include "daemon/engine/read.h"
#include "tests/unit/engine/fixture.h"

#define DEEP           "[Profile deep]\nPlugins=sites\nsites.Block=a.example;b.example\n"
#define NAME_BYTES     67u
#define NAMES_IN_VALUE 240u

#define LIGHT "[Profile light]\nPlugins=sites\nsites.Block=a.example\n"

static void import(Fixture *f, const char *text, bool replace) {
        g_assert_cmpint(fixture_request(f,
                                        &(Request){ .type = REQUEST_RULES_IMPORT,
                                                        .text = text,
                                                        .replace = replace },
                                        NULL),
                        ==, 0);
}

static void begin(Fixture *f, bool consents) {
        static const char *const attended[] = { "sites", NULL };

        fixture_init(f);
        f->many_users = true;
        f->consents = consents;
        f->attended = attended;
        g_assert_cmpint(fixture_start(f), ==, 0);
        import(f, DEEP, false);
}

static void restart(Fixture *f) {
        fixture_stop(f);
        g_assert_cmpint(fixture_start(f), ==, 0);
}

static int64_t engage(Fixture *f, const char *profile) {
        const Request request = { .type = REQUEST_FOCUS_ENGAGE, .name = profile, .for_usec = MIN_USEC(60) };
        Answer answer;

        g_assert_cmpint(fixture_request(f, &request, &answer), ==, 0);
        return answer.id;
}

/* What an administrator said yes to, of one profile. */
static int grant(Fixture *f, const char *profile, const char *item) {
        GArray *asked = consent_asked_new();
        ConsentAsked one = { .items = g_ptr_array_new_with_free_func(g_free) };
        int r;

        g_strlcpy(one.profile, profile, sizeof(one.profile));
        g_ptr_array_add(one.items, g_strdup(item));
        g_array_append_val(asked, one);
        r = fixture_request(f, &(Request){ .type = REQUEST_GRANT, .asked = asked }, NULL);
        g_array_unref(asked);
        return r;
}

static int take_back(Fixture *f, const char *profile) {
        return fixture_request(f, &(Request){ .type = REQUEST_GRANTS_REVOKE, .name = profile }, NULL);
}

static User *enter(Fixture *f) {
        User *user;

        g_assert_cmpint(engine_enter(f->engine, f->uid, "Test", &user, NULL), ==, 0);
        return user;
}

/* "granted|left" of a profile as it is. */
static void assert_profile(Fixture *f, const char *profile, const char *expected) {
        User *user = enter(f);
        cleanup_free_ char *granted = NULL, *left = NULL, *text = NULL;
        ConsentItems items;

        g_assert_true(user_read_consent(user, rule_set_find_profile(user_read_rules(user), profile), &items));
        granted = consent_text(items.granted);
        left = consent_text(items.left);
        text = g_strdup_printf("%s|%s", granted ?: "", left ?: "");
        g_assert_cmpstr(text, ==, expected);
        consent_items_done(&items);
        g_assert_cmpint(engine_leave(user, 0, NULL), ==, 0);
}

/* "granted|failure" of a claim in force. */
static void assert_claim(Fixture *f, int64_t id, const char *expected) {
        User *user = enter(f);
        const Claim *claim;
        unsigned place = 0;
        char *text = NULL;

        while (!text && (claim = user_read_claim(user, &place)))
                if (claim->id == id)
                        text = g_strdup_printf("%s|%s", claim->granted ?: "",
                                        claim->failure ? strstr(claim->failure, ": ") + 2 : "");
        g_assert_cmpstr(text, ==, expected);
        g_free(text);
        g_assert_cmpint(engine_leave(user, 0, NULL), ==, 0);
}

#define LACKS(names)                                                   \
        "not granted for everyone on this computer: " names            \
        "; an administrator can grant it: pomoctl focus profile grant" \
        " deep"

static void test_copies(void) {
        cleanup_(fixture_done) Fixture f;
        int64_t none, half, whole;

        begin(&f, true);
        none = engage(&f, "deep");
        assert_claim(&f, none, "|" LACKS("a.example, b.example"));
        g_assert_cmpint(grant(&f, "deep", "a.example"), ==, 0);
        assert_claim(&f, none, "a.example|" LACKS("b.example"));
        half = engage(&f, "deep");
        assert_claim(&f, half, "a.example|" LACKS("b.example"));
        g_assert_cmpint(grant(&f, "deep", "b.example"), ==, 0);
        whole = engage(&f, "deep");
        assert_claim(&f, whole, "a.example\nb.example|");
        assert_claim(&f, none, "a.example\nb.example|not granted when it began");
        restart(&f);
        assert_claim(&f, none, "a.example\nb.example|not granted when it began");
        assert_claim(&f, whole, "a.example\nb.example|");
        assert_profile(&f, "deep", "a.example\nb.example|");

        g_assert_cmpint(take_back(&f, "deep"), ==, 0);
        g_assert_cmpint(take_back(&f, "deep"), ==, 0);
        g_assert_cmpint(take_back(&f, "none"), ==, REFUSAL_NO_SUCH_PROFILE);
        assert_claim(&f, whole, "a.example\nb.example|");
        assert_claim(&f, engage(&f, "deep"), "|" LACKS("a.example, b.example"));
}

#define BARS_SAY(names) "sites: not granted: " names "; pomoctl focus profile grant deep"

static void assert_not_enforced(Fixture *f, const char *expected) {
        g_assert_cmpstr(fixture_timer(f).not_enforced, ==, expected);
}

/* What bars read: once however many claims lack it, for as long as one that does is in force. */
static void test_not_enforced(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, true);
        assert_not_enforced(&f, "");
        engage(&f, "deep");
        engage(&f, "deep");
        assert_not_enforced(&f, BARS_SAY("a.example, b.example"));
        restart(&f);
        assert_not_enforced(&f, BARS_SAY("a.example, b.example"));
        g_assert_cmpint(grant(&f, "deep", "a.example"), ==, 0);
        assert_not_enforced(&f, BARS_SAY("b.example"));
        g_assert_cmpint(grant(&f, "deep", "b.example"), ==, 0);
        assert_not_enforced(&f, "");
        g_assert_cmpint(take_back(&f, "deep"), ==, 0);
        assert_not_enforced(&f, "");
        engage(&f, "deep");
        assert_not_enforced(&f, BARS_SAY("a.example, b.example"));
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_FOCUS_RELEASE, .text = "enough" },
                                        NULL),
                        ==, 0);
        assert_not_enforced(&f, "");
}

/* What the profile does not name is not granted, and of one that is gone nothing is left. */
static void test_profiles(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, true);
        g_assert_cmpint(grant(&f, "deep", "c.example"), ==, 0);
        g_assert_cmpint(grant(&f, "none", "a.example"), ==, 0);
        g_assert_cmpint(grant(&f, "deep", "a.example"), ==, 0);
        assert_profile(&f, "deep", "a.example|b.example");
        import(&f, LIGHT, true);
        import(&f, DEEP, false);
        assert_profile(&f, "deep", "|a.example\nb.example");
        assert_profile(&f, "light", "|a.example");
        restart(&f);
        assert_profile(&f, "deep", "|a.example\nb.example");
}

/* One that engaged when nobody had to be asked says what it lacks since somebody has. */
static void test_older_claim(void) {
        cleanup_(fixture_done) Fixture f;
        int64_t claim;

        begin(&f, false);
        claim = engage(&f, "deep");
        assert_claim(&f, claim, "|");
        fixture_stop(&f);
        f.consents = true;
        g_assert_cmpint(fixture_start(&f), ==, 0);
        assert_claim(&f, claim, "|" LACKS("a.example, b.example"));
        test_clocks_advance(f.clocks, MIN_USEC(1));
        restart(&f);
        assert_claim(&f, claim, "|" LACKS("a.example, b.example"));
        g_assert_cmpint(grant(&f, "deep", "a.example"), ==, 0);
        assert_claim(&f, claim, "a.example|" LACKS("b.example"));
}

static void test_configured(void) {
        cleanup_(fixture_done) Fixture f;
        int64_t claim;

        begin(&f, true);
        f.grants_all = true;
        assert_profile(&f, "deep", "a.example\nb.example|");
        claim = engage(&f, "deep");
        f.grants_all = false;
        restart(&f);
        assert_claim(&f, claim, "a.example\nb.example|");
        assert_profile(&f, "deep", "|a.example\nb.example");
}

static void test_full_disk(void) {
        cleanup_(fixture_done) Fixture f;
        int64_t claim;

        begin(&f, true);
        claim = engage(&f, "deep");
        disk_full();
        g_assert_cmpint(grant(&f, "deep", "a.example"), ==, REFUSAL_STORE_FAILED);
        assert_profile(&f, "deep", "|a.example\nb.example");
        assert_claim(&f, claim, "|" LACKS("a.example, b.example"));
        disk_free();
        g_assert_cmpint(grant(&f, "deep", "a.example"), ==, 0);
        disk_full();
        g_assert_cmpint(take_back(&f, "deep"), ==, REFUSAL_STORE_FAILED);
        assert_profile(&f, "deep", "a.example|b.example");
        disk_free();
}

/* So many names, from a number on, each of NAME_BYTES with its separator: two values hold them. */
static void name(Fixture *f, unsigned from, unsigned n) {
        GString *text = g_string_new("[Profile deep]\nPlugins=sites");

        for (unsigned i = 0; i < n; i++) {
                if (i % NAMES_IN_VALUE == 0)
                        g_string_append_printf(text, "\nsites.Block%u=", i / NAMES_IN_VALUE);
                g_string_append_printf(text, "n%06u.%050u.example;", from + i, 0u);
        }
        g_string_append_c(text, '\n');
        import(f, text->str, false);
        g_string_free(text, TRUE);
}

static unsigned count_granted(Fixture *f) {
        User *user = enter(f);
        ConsentItems items;
        unsigned n;

        g_assert_true(user_read_consent(user, rule_set_find_profile(user_read_rules(user), "deep"), &items));
        n = items.granted->len;
        consent_items_done(&items);
        g_assert_cmpint(engine_leave(user, 0, NULL), ==, 0);
        return n;
}

/* All that the profile named. */
static void grant_all(Fixture *f) {
        GArray *asked = consent_asked_new();
        User *user = enter(f);
        ConsentAsked one = { .profile = "deep" };
        ConsentItems items;

        g_assert_true(user_read_consent(user, rule_set_find_profile(user_read_rules(user), "deep"), &items));
        one.items = steal(items.left);
        g_array_append_val(asked, one);
        consent_items_done(&items);
        g_assert_cmpint(engine_leave(user, 0, NULL), ==, 0);
        g_assert_cmpint(fixture_request(f, &(Request){ .type = REQUEST_GRANT, .asked = asked }, NULL), ==, 0);
        g_array_unref(asked);
}

/* Up to the cap what was granted stays granted though the profile does not name it; beyond, it gives way. */
static void test_cap(void) {
        const unsigned part = CAP_GRANTS_BYTES / NAME_BYTES / 4;
        cleanup_(fixture_done) Fixture f;

        begin(&f, true);
        for (unsigned i = 0; i < 4; i++) {
                name(&f, i * part, part);
                grant_all(&f);
        }
        name(&f, 0, part);
        g_assert_cmpuint(count_granted(&f), ==, part);
        name(&f, 4 * part, part);
        grant_all(&f);
        g_assert_cmpuint(count_granted(&f), ==, part);
        name(&f, 0, part);
        g_assert_cmpuint(count_granted(&f), ==, 0);
        restart(&f);
        g_assert_cmpuint(count_granted(&f), ==, 0);
        name(&f, 4 * part, part);
        g_assert_cmpuint(count_granted(&f), ==, part);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/grants/copies", test_copies);
        g_test_add_func("/engine/grants/not-enforced", test_not_enforced);
        g_test_add_func("/engine/grants/profiles", test_profiles);
        g_test_add_func("/engine/grants/older-claim", test_older_claim);
        g_test_add_func("/engine/grants/configured", test_configured);
        g_test_add_func("/engine/grants/full-disk", test_full_disk);
        g_test_add_func("/engine/grants/cap", test_cap);
        return g_test_run();
}
