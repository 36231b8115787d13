/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/creds.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "common/cleanup.h"

typedef struct CredsEntry {
        uid_t uid;
        char sender[];
} CredsEntry;

struct CredsCache {
        size_t capacity;
        GQueue by_age;         /* of CredsEntry, owned, the newest first */
        GHashTable *by_sender; /* sender → its link in the queue */
};

CredsCache *creds_cache_new(size_t capacity) {
        CredsCache *cache = g_new0(CredsCache, 1);

        cache->capacity = capacity;
        cache->by_sender = g_hash_table_new(g_str_hash, g_str_equal);
        g_queue_init(&cache->by_age);
        return cache;
}

CredsCache *creds_cache_free(CredsCache *cache) {
        if (!cache)
                return NULL;
        g_hash_table_unref(cache->by_sender);
        g_queue_clear_full(&cache->by_age, g_free);
        g_free(cache);
        return NULL;
}

bool creds_cache_get(CredsCache *cache, const char *sender, uid_t *ret_uid) {
        const CredsEntry *newest = g_queue_peek_head(&cache->by_age);
        GList *link;

        /* Most calls come in rows from one client. */
        if (!newest || strcmp(newest->sender, sender) != 0) {
                link = g_hash_table_lookup(cache->by_sender, sender);
                if (!link)
                        return false;
                g_queue_unlink(&cache->by_age, link);
                g_queue_push_head_link(&cache->by_age, link);
                newest = link->data;
        }
        *ret_uid = newest->uid;
        return true;
}

void creds_cache_put(CredsCache *cache, const char *sender, uid_t uid) {
        const size_t size = strlen(sender) + 1;
        const GList *known = g_hash_table_lookup(cache->by_sender, sender);
        CredsEntry *entry = known ? known->data : g_malloc(sizeof(*entry) + size);

        entry->uid = uid;
        if (known)
                return;
        memcpy(entry->sender, sender, size);
        if (cache->by_age.length >= cache->capacity) {
                CredsEntry *oldest = g_queue_pop_tail(&cache->by_age);

                g_hash_table_remove(cache->by_sender, oldest->sender);
                g_free(oldest);
        }
        g_queue_push_head(&cache->by_age, entry);
        g_hash_table_insert(cache->by_sender, entry->sender, cache->by_age.head);
}

int creds_sender_uid(CredsCache *cache, sd_bus_message *message, uid_t *ret_uid) {
        cleanup_(sd_bus_creds_unrefp) sd_bus_creds *creds = NULL;
        const char *sender = sd_bus_message_get_sender(message);
        uid_t uid;
        int r;

        if (!sender)
                return -ENXIO;
        if (creds_cache_get(cache, sender, ret_uid))
                return 0;

        /* The effective uid alone is one call to the bus. Augmented fields come from /proc, which the sender
         * shapes: never authorize on those. */
        r = sd_bus_query_sender_creds(message, SD_BUS_CREDS_EUID, &creds);
        if (r < 0)
                return r;
        r = sd_bus_creds_get_euid(creds, &uid);
        if (r < 0)
                return r;
        creds_cache_put(cache, sender, uid);
        *ret_uid = uid;
        return 0;
}
