/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/grants-request.h"

#include <assert.h>
#include <string.h>

#include "daemon/engine/claims.h"
#include "daemon/engine/grants.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/publish.h"

/* What is granted in one write. */
typedef struct Granting {
        User *user;
        GArray *added;   /* of ConsentAsked: what is granted now */
        GArray *dropped; /* of ConsentAsked: what gives way, as the profile does not name it any more */
        FocusChange claims;
} Granting;

/* Of as many as a profile can name, each is looked for. */
static GHashTable *set_of(const GPtrArray *items) {
        GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < items->len; i++)
                g_hash_table_add(set, items->pdata[i]);
        return set;
}

static void add_to(GArray *asked, const char *profile, GPtrArray *items) {
        ConsentAsked one = { .items = items };

        g_strlcpy(one.profile, profile, sizeof(one.profile));
        g_array_append_val(asked, one);
}

static GPtrArray *both(const GPtrArray *some, GHashTable *set) {
        GPtrArray *items = g_ptr_array_new_with_free_func(g_free);

        for (guint i = 0; i < some->len; i++)
                if (g_hash_table_contains(set, some->pdata[i]))
                        g_ptr_array_add(items, g_strdup(some->pdata[i]));
        return items;
}

static size_t size_of(const GPtrArray *items) {
        size_t size = 0;

        for (guint i = 0; i < items->len; i++)
                size += strlen(items->pdata[i]) + 1;
        return size;
}

/* Lists that were edited again and again leave their digests behind. */
static void make_room(Granting *granting, const char *profile, const ConsentItems *items) {
        GPtrArray *had = grants_list(granting->user->grants, profile), *gone;
        GHashTable *named = set_of(items->granted);

        if (size_of(had) + size_of(items->left) > CAP_GRANTS_BYTES) {
                gone = g_ptr_array_new_with_free_func(g_free);
                for (guint i = 0; i < had->len; i++)
                        if (!g_hash_table_contains(named, had->pdata[i]))
                                g_ptr_array_add(gone, g_strdup(had->pdata[i]));
                add_to(granting->dropped, profile, gone);
        }
        g_hash_table_unref(named);
        g_ptr_array_unref(had);
}

/* As far as the profile still names it. */
static void add_asked(Granting *granting, const ConsentAsked *asked) {
        User *user = granting->user;
        const Profile *profile = rule_set_find_profile(&user->rules, asked->profile);
        cleanup_free_ char *lists = NULL;
        ConsentItems items;
        GHashTable *named;
        GPtrArray *added;

        if (!profile)
                return;
        lists = lists_pin(user->lists, profile);
        items = consent_items(&user->consent, profile, lists);
        named = set_of(asked->items);
        added = both(items.left, named);
        g_hash_table_unref(named);
        if (added->len > 0) {
                make_room(granting, asked->profile, &items);
                add_to(granting->added, asked->profile, added);
        } else
                g_ptr_array_unref(added);
        consent_items_done(&items);
}

/* ---- what is in force gets it, too: it makes a claim no weaker ---- */

static void give(Claim *claim, const GPtrArray *items) {
        cleanup_free_ char *more = consent_text(items);
        char *granted = claim->granted ? g_strconcat(claim->granted, "\n", more, NULL) : g_strdup(more);

        free(claim->granted);
        claim->granted = granted;
}

static void mend_failure(const Consent *consent, Claim *claim) {
        char *mended = consent_failure_mended(claim->failure);
        ConsentItems items;

        if (!mended)
                return;
        items = consent_items_copied(consent, &claim->profile, claim->lists, claim->granted);
        free(claim->failure);
        claim->failure = mended;
        if (items.left->len > 0) {
                g_free(claim->failure);
                claim->failure = consent_failure(items.plugin, claim->profile.name, items.left);
        }
        consent_items_done(&items);
}

static void add_to_claim(Granting *granting, const Claim *claim, GHashTable *added) {
        const Consent *consent = &granting->user->consent;
        ConsentItems items = consent_items_copied(consent, &claim->profile, claim->lists, claim->granted);
        GPtrArray *more = both(items.left, added);

        if (more->len > 0) {
                Claim after = claim_copy(claim);

                give(&after, more);
                mend_failure(consent, &after);
                granting->claims.desired = true;
                g_array_append_val(granting->claims.claims, after);
        }
        g_ptr_array_unref(more);
        consent_items_done(&items);
}

static void add_to_claims(Granting *granting) {
        const User *user = granting->user;

        for (guint i = 0; i < granting->added->len; i++) {
                const ConsentAsked *added = &g_array_index(granting->added, ConsentAsked, i);
                GHashTable *items = set_of(added->items);

                for (guint j = 0; j < user->focus.claims->len; j++) {
                        const Claim *claim = &g_array_index(user->focus.claims, Claim, j);

                        if (claim_in_force(claim, &user->engine->now) &&
                                        strcmp(claim->profile.name, added->profile) == 0)
                                add_to_claim(granting, claim, items);
                }
                g_hash_table_unref(items);
        }
}

/* ---- the write ---- */

static int write_items(StoreWrite *write, const GArray *asked,
                int (*func)(StoreWrite *, const char *, const char *)) {
        int r = 0;

        for (guint i = 0; r == 0 && i < asked->len; i++) {
                const ConsentAsked *one = &g_array_index(asked, ConsentAsked, i);

                for (guint j = 0; r == 0 && j < one->items->len; j++)
                        r = func(write, one->profile, one->items->pdata[j]);
        }
        return r;
}

static void adopt(Granting *granting) {
        User *user = granting->user;

        for (guint i = 0; i < granting->dropped->len; i++) {
                const ConsentAsked *one = &g_array_index(granting->dropped, ConsentAsked, i);

                for (guint j = 0; j < one->items->len; j++)
                        grants_drop_item(user->grants, one->profile, one->items->pdata[j]);
        }
        for (guint i = 0; i < granting->added->len; i++) {
                const ConsentAsked *one = &g_array_index(granting->added, ConsentAsked, i);

                for (guint j = 0; j < one->items->len; j++)
                        grants_add(user->grants, one->profile, one->items->pdata[j]);
        }
        if (granting->claims.claims->len > 0) {
                user_outbox_drop_claims(user, granting->claims.claims);
                user_claims_adopt(user, &granting->claims);
        }
}

static int commit(Granting *granting) {
        cleanup_(publish_done) News news = {};
        const GArray *claims = granting->claims.claims;
        User *user = granting->user;
        StoreWrite write;
        int r = store_write_begin(user->store, &write);

        if (r < 0)
                return r;
        publish_add_now(user, &news, CHANGED_SCHEDULES, HAPPENED_SCHEDULE_CHANGED, 0);
        if (claims->len > 0)
                publish_add_claims(user, &news, CHANGED_FOCUS, &granting->claims);
        r = write_items(&write, granting->dropped, write_grant_removed);
        if (r == 0)
                r = write_items(&write, granting->added, write_grant);
        if (r == 0)
                r = write_claims(&write, (const Claim *) (void *) claims->data, claims->len,
                                granting->claims.next_id);
        r = user_publish_stored(user, &write, r, &news);
        if (r < 0)
                return r;
        adopt(granting);
        user_publish(user, &news);
        return 0;
}

static int grant(User *user, const Request *request) {
        Granting granting = { .user = user, .added = consent_asked_new(), .dropped = consent_asked_new() };
        int r = 0;

        focus_change_init(&granting.claims);
        granting.claims.next_id = user->focus.next_id;
        for (guint i = 0; i < request->asked->len; i++)
                add_asked(&granting, &g_array_index(request->asked, ConsentAsked, i));
        if (granting.added->len > 0) {
                add_to_claims(&granting);
                r = commit(&granting);
        }
        focus_change_done(&granting.claims);
        g_array_unref(granting.added);
        g_array_unref(granting.dropped);
        return r;
}

/* What is in force was granted, and stays so to its end. */
static int take_back(User *user, const Request *request, Refusal *ret_refusal) {
        GPtrArray *had;
        StoreWrite write;
        News news = {};
        bool any;
        int r;

        if (!rule_set_find_profile(&user->rules, request->name))
                return refuse(ret_refusal, REFUSAL_NO_SUCH_PROFILE, "there is no profile \"%s\"",
                                request->name);
        had = grants_list(user->grants, request->name);
        any = had->len > 0;
        g_ptr_array_unref(had);
        r = any ? store_write_begin(user->store, &write) : 0;
        if (!any || r < 0)
                return r;
        publish_add_now(user, &news, CHANGED_SCHEDULES, HAPPENED_SCHEDULE_CHANGED, 0);
        r = write_grant_removed(&write, request->name, NULL);
        r = user_publish_stored(user, &write, r, &news);
        if (r < 0)
                return r;
        grants_drop(user->grants, request->name);
        user_publish(user, &news);
        return 0;
}

int user_grants_request(User *user, const Request *request, Refusal *ret_refusal) {
        assert(user->store && user->grants);
        if (request->type == REQUEST_GRANTS_REVOKE)
                return take_back(user, request, ret_refusal);
        return user_grants_consent(user) && user->focus.claims ? grant(user, request) : 0;
}
