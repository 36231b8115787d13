/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/held-file.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "plugins/host/sentence.h"
#include "plugins/host/sha256.h"

#define DEPTH 6 /* of objects and lists in one another */

DEFINE_CLEANUP(json_object *, json_object_put);
DEFINE_CLEANUP(json_tokener *, json_tokener_free);

/* ---- out ---- */

static void put(json_object *object, const char *key, json_object *value) {
        if (json_object_object_add(object, key, memory_check(value)) < 0)
                memory_check(NULL);
}

static void put_text(json_object *object, const char *key, const char *text) {
        put(object, key, json_object_new_string(text));
}

static void put_number(json_object *object, const char *key, uint64_t number) {
        put(object, key, json_object_new_uint64(number));
}

static void put_flag(json_object *object, const char *key, bool flag) {
        put(object, key, json_object_new_boolean(flag));
}

/* A list of pairs, as their order is part of them. */
static void put_pairs(json_object *object, const char *key, const HeldPairs *pairs) {
        json_object *list = memory_check(json_object_new_array());

        put(object, key, list);
        for (size_t i = 0; i < pairs->n; i++) {
                json_object *pair = memory_check(json_object_new_array());

                if (json_object_array_add(list, pair) < 0 ||
                                json_object_array_add(pair, memory_check(json_object_new_string(
                                                                            pairs->list[i].key))) < 0 ||
                                json_object_array_add(pair, memory_check(json_object_new_string(
                                                                            pairs->list[i].text))) < 0)
                        memory_check(NULL);
        }
}

static void put_end(json_object *object, const char *key, const HeldEnd *end) {
        json_object *value = memory_check(json_object_new_object());

        put(object, key, value);
        put_number(value, "boottime-usec", end->boottime_usec);
        put_number(value, "realtime-usec", end->realtime_usec);
        put_number(value, "length-usec", end->length_usec);
        put_flag(value, "firm", end->firm);
        put_flag(value, "carried", end->carried);
        put_flag(value, "suspended", end->suspended);
}

static json_object *claim_write(const HeldClaim *claim) {
        json_object *object = memory_check(json_object_new_object());

        put_number(object, "uid", claim->uid);
        put_number(object, "id", claim->id);
        put_text(object, "profile", claim->profile);
        put_text(object, "lock", claim->lock);
        put_text(object, "source", claim->source);
        put_end(object, "end", &claim->end);
        put_number(object, "release-boottime-usec", claim->release_boottime_usec);
        put_number(object, "rests-until-boottime-usec", claim->rests_until_boottime_usec);
        put_pairs(object, "settings", &claim->settings);
        put_pairs(object, "lists", &claim->lists);
        put_flag(object, "gone", claim->gone);
        return object;
}

char *held_file_write(const Held *held, size_t *ret_size) {
        cleanup_(json_object_putp) json_object *object = memory_check(json_object_new_object());
        json_object *claims = memory_check(json_object_new_array());
        char digest[SHA256_HEX_MAX];
        const char *json;
        char *text;
        size_t n;

        put_number(object, "format", HELD_FORMAT);
        put_text(object, "bus", held->bus);
        put_text(object, "store", held->store);
        put_text(object, "boot", held->boot_id);
        put_text(object, "pomod-boot", held->pomod_boot_id);
        put_number(object, "generation", held->generation);
        put_flag(object, "other-boot", held->other_boot);
        if (held->unread.length_usec != 0)
                put_end(object, "unread", &held->unread);
        put_pairs(object, "standing", &held->standing);
        put(object, "claims", claims);
        for (size_t i = 0; i < held->claims.n; i++)
                if (json_object_array_add(claims, claim_write(&held->claims.list[i])) < 0)
                        memory_check(NULL);
        json = memory_check((char *) json_object_to_json_string_length(object, JSON_C_TO_STRING_PLAIN, &n));
        text = memory_check(malloc(n + 1 + SHA256_HEX_MAX + 1));
        memcpy(text, json, n);
        text[n++] = '\n';
        sha256_hex(text, n, digest);
        memcpy(text + n, digest, SHA256_HEX_MAX - 1);
        n += SHA256_HEX_MAX - 1;
        text[n++] = '\n';
        text[n] = 0;
        *ret_size = n;
        return text;
}

/* ---- in: each is false where the member is not there, or is of another type ---- */

static json_object *get(json_object *object, const char *key, json_type type) {
        json_object *value;

        if (!json_object_object_get_ex(object, key, &value) || !json_object_is_type(value, type))
                return NULL;
        return value;
}

static bool get_text(json_object *object, const char *key, char **text) {
        json_object *value = get(object, key, json_type_string);

        if (!value || strlen(json_object_get_string(value)) != (size_t) json_object_get_string_len(value))
                return false;
        held_text(text, json_object_get_string(value));
        return true;
}

static bool get_boot_id(json_object *object, const char *key, char boot_id[HELD_BOOT_ID_MAX]) {
        json_object *value = get(object, key, json_type_string);

        return value &&
               snprintf(boot_id, HELD_BOOT_ID_MAX, "%s", json_object_get_string(value)) < HELD_BOOT_ID_MAX;
}

static bool get_number(json_object *object, const char *key, uint64_t max, uint64_t *ret_number) {
        json_object *value = get(object, key, json_type_int);

        /* What is negative is read as 0. */
        if (!value || (json_object_get_int64(value) < 0) || json_object_get_uint64(value) > max)
                return false;
        *ret_number = json_object_get_uint64(value);
        return true;
}

static bool get_flag(json_object *object, const char *key, bool *ret_flag) {
        json_object *value = get(object, key, json_type_boolean);

        if (value)
                *ret_flag = json_object_get_boolean(value);
        return value;
}

static bool get_pairs(json_object *object, const char *key, HeldPairs *pairs) {
        json_object *list = get(object, key, json_type_array);

        for (size_t i = 0; list && i < json_object_array_length(list); i++) {
                json_object *pair = json_object_array_get_idx(list, i), *name, *text;

                if (!json_object_is_type(pair, json_type_array) || json_object_array_length(pair) != 2)
                        return false;
                name = json_object_array_get_idx(pair, 0);
                text = json_object_array_get_idx(pair, 1);
                if (!json_object_is_type(name, json_type_string) ||
                                !json_object_is_type(text, json_type_string))
                        return false;
                held_pairs_add(pairs, json_object_get_string(name), json_object_get_string(text));
        }
        return list;
}

static bool get_end(json_object *object, const char *key, HeldEnd *end) {
        json_object *value = get(object, key, json_type_object);

        return value && get_number(value, "boottime-usec", UINT64_MAX, &end->boottime_usec) &&
               get_number(value, "realtime-usec", UINT64_MAX, &end->realtime_usec) &&
               get_number(value, "length-usec", UINT64_MAX, &end->length_usec) &&
               get_flag(value, "firm", &end->firm) && get_flag(value, "carried", &end->carried) &&
               get_flag(value, "suspended", &end->suspended);
}

static bool claim_read(json_object *object, HeldClaims *claims) {
        uint64_t uid, id;
        HeldClaim *claim;

        if (!json_object_is_type(object, json_type_object) || !get_number(object, "uid", UINT32_MAX, &uid) ||
                        !get_number(object, "id", UINT64_MAX, &id) ||
                        held_claims_find(claims, (uint32_t) uid, id))
                return false;
        claim = held_claims_add(claims, (uint32_t) uid, id);
        return get_text(object, "profile", &claim->profile) && get_text(object, "lock", &claim->lock) &&
               get_text(object, "source", &claim->source) && get_end(object, "end", &claim->end) &&
               get_number(object, "release-boottime-usec", UINT64_MAX, &claim->release_boottime_usec) &&
               get_number(object, "rests-until-boottime-usec", UINT64_MAX,
                               &claim->rests_until_boottime_usec) &&
               get_pairs(object, "settings", &claim->settings) && get_pairs(object, "lists", &claim->lists) &&
               get_flag(object, "gone", &claim->gone);
}

static bool held_read(json_object *object, Held *held) {
        json_object *claims = get(object, "claims", json_type_array);

        if (!claims || !get_text(object, "bus", &held->bus) || !get_text(object, "store", &held->store) ||
                        !get_boot_id(object, "boot", held->boot_id) ||
                        !get_boot_id(object, "pomod-boot", held->pomod_boot_id) ||
                        !get_number(object, "generation", UINT64_MAX, &held->generation) ||
                        !get_flag(object, "other-boot", &held->other_boot) ||
                        !get_pairs(object, "standing", &held->standing))
                return false;
        if (json_object_object_get_ex(object, "unread", NULL) &&
                        (!get_end(object, "unread", &held->unread) || held->unread.length_usec == 0))
                return false;
        for (size_t i = 0; i < json_object_array_length(claims); i++)
                if (!claim_read(json_object_array_get_idx(claims, i), &held->claims))
                        return false;
        return true;
}

/* The JSON of it, where the digest of the last line is right. */
static json_object *parse(const char *text, size_t size) {
        const size_t last = SHA256_HEX_MAX; /* a digest and the end of its line */
        cleanup_(json_tokener_freep) json_tokener *tokener = memory_check(json_tokener_new_ex(DEPTH));
        char digest[SHA256_HEX_MAX];

        if (size <= last || size > INT32_MAX || text[size - 1] != '\n' || text[size - last - 1] != '\n')
                return NULL;
        sha256_hex(text, size - last, digest);
        if (memcmp(text + size - last, digest, SHA256_HEX_MAX - 1) != 0)
                return NULL;
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
        return json_tokener_parse_ex(tokener, text, (int) (size - last - 1));
}

int held_file_read(const char *text, size_t size, Held *ret_held, char **ret_sentence) {
        cleanup_(json_object_putp) json_object *object = parse(text, size);
        uint64_t format;
        Held held;

        if (!object || !json_object_is_type(object, json_type_object) ||
                        !get_number(object, "format", UINT64_MAX, &format) || format == 0)
                return sentence_set(
                                ret_sentence, -EBADMSG, "it is not whole, or not written by a plugin host");
        if (format > HELD_FORMAT)
                return sentence_set(ret_sentence, -EPROTONOSUPPORT,
                                "it is of format %" PRIu64
                                ", from a newer pomod, and this one reads format %d: install the newer one",
                                format, HELD_FORMAT);
        held_init(&held);
        if (!held_read(object, &held)) {
                held_clear(&held);
                return sentence_set(ret_sentence, -EBADMSG, "it lacks what its format has");
        }
        *ret_held = held;
        return 0;
}

/* ---- what is legible ---- */

#define CLAIM_BEGIN                                                                            \
        "{\"uid\":" /* in no text of a claim, where a quotation mark has a backslash before it \
                     */

static const char *find(const char *text, const char *end, const char *what) {
        return memmem(text, (size_t) (end - text), what, strlen(what));
}

static void add_legible(HeldClaims *claims, HeldClaim *from) {
        HeldClaim *claim, empty;

        if (held_claims_find(claims, from->uid, from->id))
                return;
        claim = held_claims_add(claims, from->uid, from->id);
        empty = *claim;
        *claim = *from;
        *from = empty;
}

/* How long the claim is that the text begins with, 0 where there is no whole one. */
static size_t read_legible(const char *text, size_t size, HeldClaims *claims) {
        cleanup_(json_tokener_freep) json_tokener *tokener = memory_check(json_tokener_new_ex(DEPTH));
        cleanup_(json_object_putp) json_object *object = NULL;
        HeldClaims one = {};
        size_t length = 0;

        json_tokener_set_flags(tokener,
                        JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS | JSON_TOKENER_VALIDATE_UTF8);
        object = json_tokener_parse_ex(tokener, text, size < INT32_MAX ? (int) size : INT32_MAX);
        if (object && claim_read(object, &one)) {
                add_legible(claims, &one.list[0]);
                length = json_tokener_get_parse_end(tokener);
        }
        held_claims_clear(&one);
        return length;
}

bool held_file_read_legible(const char *text, size_t size, const char *boot_id, HeldClaims *claims) {
        cleanup_free_ char *boot = memory_format("\"boot\":\"%s\"", boot_id);
        const char *end = text + size, *at = text;

        while ((at = find(at, end, CLAIM_BEGIN))) {
                const size_t length = read_legible(at, (size_t) (end - at), claims);

                at += length > 0 ? length : strlen(CLAIM_BEGIN);
        }
        return find(text, end, boot);
}
