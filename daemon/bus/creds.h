/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Who sends a message. The bus is asked for the effective uid of a unique name once; unique names are never
 * reused, so an answer holds for as long as the cache has room, and nobody needs to be told who left.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <systemd/sd-bus.h>

typedef struct CredsCache CredsCache;

#define CREDS_CACHE_ENTRIES 1024u

/* The least recently asked for goes when there are more than capacity. */
CredsCache *creds_cache_new(size_t capacity);
CredsCache *creds_cache_free(CredsCache *cache);

bool creds_cache_get(CredsCache *cache, const char *sender, uid_t *ret_uid);
void creds_cache_put(CredsCache *cache, const char *sender, uid_t uid);

/* The sender's effective uid, from the cache or the bus. A negative errno where it is not known: it has left.
 */
int creds_sender_uid(CredsCache *cache, sd_bus_message *message, uid_t *ret_uid);
