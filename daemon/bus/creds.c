/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/creds.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "common/cleanup.h"

/* In a ring by age: the anchor's next is the newest, its previous the oldest. */
typedef struct CredsEntry CredsEntry;
struct CredsEntry {
        CredsEntry *next, *previous;
        uid_t uid;
        char sender[];
};

struct CredsCache {
        size_t capacity;
        GHashTable *by_sender; /* the keys are inside the entries, which it owns */
        CredsEntry ring;
};

CredsCache *creds_cache_new(size_t capacity) {
        CredsCache *cache = g_new0(CredsCache, 1);

        cache->capacity = capacity;
        cache->by_sender = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
        cache->ring.next = cache->ring.previous = &cache->ring;
        return cache;
}

CredsCache *creds_cache_free(CredsCache *cache) {
        if (!cache)
                return NULL;
        g_hash_table_unref(cache->by_sender);
        g_free(cache);
        return NULL;
}

static void entry_unlink(CredsEntry *entry) {
        entry->previous->next = entry->next;
        entry->next->previous = entry->previous;
}

static void entry_push(CredsCache *cache, CredsEntry *entry) {
        entry->next = cache->ring.next;
        entry->previous = &cache->ring;
        entry->next->previous = entry;
        cache->ring.next = entry;
}

bool creds_cache_get(CredsCache *cache, const char *sender, uid_t *ret_uid) {
        CredsEntry *entry = cache->ring.next;

        /* Most calls come in rows from one client. */
        if (entry == &cache->ring || strcmp(entry->sender, sender) != 0) {
                entry = g_hash_table_lookup(cache->by_sender, sender);
                if (!entry)
                        return false;
                entry_unlink(entry);
                entry_push(cache, entry);
        }
        *ret_uid = entry->uid;
        return true;
}

void creds_cache_put(CredsCache *cache, const char *sender, uid_t uid) {
        size_t size = strlen(sender) + 1;
        CredsEntry *entry = g_hash_table_lookup(cache->by_sender, sender);

        if (entry) {
                entry->uid = uid;
                return;
        }
        entry = g_malloc(sizeof(*entry) + size);
        entry->uid = uid;
        memcpy(entry->sender, sender, size);

        if (g_hash_table_size(cache->by_sender) >= cache->capacity) {
                CredsEntry *oldest = cache->ring.previous;
                entry_unlink(oldest);
                g_hash_table_remove(cache->by_sender, oldest->sender);
        }
        g_hash_table_insert(cache->by_sender, entry->sender, entry);
        entry_push(cache, entry);
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
