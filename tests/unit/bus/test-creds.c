/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>

#include "daemon/bus/creds.h"

static void assert_known(CredsCache *cache, const char *sender, uid_t expected) {
        uid_t uid = (uid_t) -1;

        g_assert_true(creds_cache_get(cache, sender, &uid));
        g_assert_cmpuint(uid, ==, expected);
}

static void assert_unknown(CredsCache *cache, const char *sender) {
        uid_t uid = 4711;

        g_assert_false(creds_cache_get(cache, sender, &uid));
        g_assert_cmpuint(uid, ==, 4711);
}

static void test_remembers(void) {
        CredsCache *cache = NULL;

        cache = creds_cache_new(4);
        assert_unknown(cache, ":1.1");
        creds_cache_put(cache, ":1.1", 1000);
        creds_cache_put(cache, ":1.2", 0);
        assert_known(cache, ":1.1", 1000);
        assert_known(cache, ":1.2", 0);
        assert_unknown(cache, ":1.11");
        g_assert_null(creds_cache_free(cache));
        g_assert_null(creds_cache_free(NULL));
}

static void test_the_least_recent_goes(void) {
        CredsCache *cache = NULL;

        cache = creds_cache_new(3);
        creds_cache_put(cache, ":1.1", 1);
        creds_cache_put(cache, ":1.2", 2);
        creds_cache_put(cache, ":1.3", 3);
        assert_known(cache, ":1.1", 1); /* asked for: 2 is the oldest now */
        creds_cache_put(cache, ":1.4", 4);
        assert_unknown(cache, ":1.2");
        assert_known(cache, ":1.1", 1);
        assert_known(cache, ":1.3", 3);
        assert_known(cache, ":1.4", 4);

        creds_cache_put(cache, ":1.3", 33); /* not a fourth */
        assert_known(cache, ":1.3", 33);
        assert_known(cache, ":1.1", 1);
        creds_cache_free(cache);
}

static void test_stays_within_its_capacity(void) {
        CredsCache *cache = NULL;
        unsigned known = 0;
        char sender[32];
        uid_t uid;

        cache = creds_cache_new(CREDS_CACHE_ENTRIES);
        for (unsigned i = 0; i < 5 * CREDS_CACHE_ENTRIES; i++) {
                g_snprintf(sender, sizeof(sender), ":1.%u", i);
                creds_cache_put(cache, sender, i);
        }
        for (unsigned i = 0; i < 5 * CREDS_CACHE_ENTRIES; i++) {
                g_snprintf(sender, sizeof(sender), ":1.%u", i);
                if (creds_cache_get(cache, sender, &uid)) {
                        g_assert_cmpuint(uid, ==, i);
                        known++;
                }
        }
        g_assert_cmpuint(known, ==, CREDS_CACHE_ENTRIES);
        creds_cache_free(cache);
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/bus/creds/remembers", test_remembers);
        g_test_add_func("/bus/creds/lru", test_the_least_recent_goes);
        g_test_add_func("/bus/creds/capacity", test_stays_within_its_capacity);
        return g_test_run();
}
