/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/try-desired.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "plugins/host/sentence.h"
#include "plugins/host/sha256.h"

static const char *text_of(json_object *object, const char *key, const char *otherwise) {
        json_object *value;

        return json_object_object_get_ex(object, key, &value) && json_object_is_type(value, json_type_string)
                               ? json_object_get_string(value)
                               : otherwise;
}

static uint64_t number_of(json_object *object, const char *key, uint64_t otherwise) {
        json_object *value;

        return json_object_object_get_ex(object, key, &value) && json_object_is_type(value, json_type_int)
                               ? json_object_get_uint64(value)
                               : otherwise;
}

/* The object or list of that name; NULL: it is not there. -EINVAL: it is something else. */
static int member(json_object *object, const char *key, json_type type, json_object **ret_value) {
        *ret_value = NULL;
        if (!json_object_object_get_ex(object, key, ret_value))
                return 0;
        return json_object_is_type(*ret_value, type) ? 0 : -EINVAL;
}

/* -EINVAL with a key that is none of these: a slip would look like a plugin that does nothing. */
static int known_keys(json_object *object, const char *const *keys) {
        json_object_object_foreach(object, key, value) {
                size_t i = 0;

                (void) value;
                while (keys[i] && strcmp(keys[i], key) != 0)
                        i++;
                if (!keys[i])
                        return -EINVAL;
        }
        return 0;
}

static int read_pairs(json_object *object, const char *key, HeldPairs *pairs) {
        json_object *values;
        int r = member(object, key, json_type_object, &values);

        if (r < 0 || !values)
                return r;
        json_object_object_foreach(values, name, value)
                        held_pairs_add(pairs, name, json_object_get_string(value) ?: "");
        return 0;
}

/* A list is kept by its digest, and each claim has all of them. */
static int read_list(json_object *names, State *state, char digest[SHA256_HEX_MAX]) {
        cleanup_free_ char *text = NULL;
        size_t n_bytes = 0;
        FILE *stream;

        if (!json_object_is_type(names, json_type_array))
                return -EINVAL;
        /* Appending to a text would measure it anew for each name. */
        stream = memory_check(open_memstream(&text, &n_bytes));
        for (size_t i = 0; i < json_object_array_length(names); i++)
                fprintf(stream, "%s\n", json_object_get_string(json_object_array_get_idx(names, i)) ?: "");
        fclose(stream);
        memory_check(text);
        sha256_hex(text, n_bytes, digest);
        return state_put_list(state, digest, text);
}

static int read_lists(json_object *object, State *state, HeldPairs *lists) {
        json_object *values;
        int r = member(object, "lists", json_type_object, &values);

        if (r < 0 || !values)
                return r;
        json_object_object_foreach(values, name, value) {
                char digest[SHA256_HEX_MAX];

                r = read_list(value, state, digest);
                if (r < 0)
                        return r;
                held_pairs_add(lists, name, digest);
        }
        return 0;
}

static int read_claim(json_object *object, size_t place, const HeldPairs *lists, HeldClaims *claims,
                uint64_t now_usec) {
        static const char *const keys[] = { "uid", "id", "profile", "lock", "source", "until-boottime-usec",
                "settings", NULL };
        HeldClaim *claim;

        if (!json_object_is_type(object, json_type_object) || known_keys(object, keys) < 0)
                return -EINVAL;
        claim = held_claims_add(claims, (uint32_t) number_of(object, "uid", geteuid()),
                        number_of(object, "id", place + 1));
        held_text(&claim->profile, text_of(object, "profile", "try"));
        held_text(&claim->lock, text_of(object, "lock", "none"));
        held_text(&claim->source, text_of(object, "source", "user"));
        claim->end.boottime_usec = number_of(object, "until-boottime-usec", now_usec + USEC_PER_HOUR);
        for (size_t i = 0; i < lists->n; i++)
                held_pairs_add(&claim->lists, lists->list[i].key, lists->list[i].text);
        return read_pairs(object, "settings", &claim->settings);
}

static int read_all(json_object *object, State *state, HeldClaims *claims, HeldPairs *standing) {
        cleanup_(held_pairs_clear) HeldPairs lists = {};
        uint64_t now_usec = state_now(state).boottime_usec;
        static const char *const keys[] = { "standing", "lists", "claims", NULL };
        json_object *values;
        int r;

        if (!json_object_is_type(object, json_type_object) || known_keys(object, keys) < 0)
                return -EINVAL;
        if ((r = read_pairs(object, "standing", standing)) < 0 ||
                        (r = read_lists(object, state, &lists)) < 0 ||
                        (r = member(object, "claims", json_type_array, &values)) < 0)
                return r;
        for (size_t i = 0; r >= 0 && values && i < json_object_array_length(values); i++)
                r = read_claim(json_object_array_get_idx(values, i), i, &lists, claims, now_usec);
        return r;
}

int try_desired_read(const char *path, State *state, HeldClaims *claims, HeldPairs *standing,
                char **ret_sentence) {
        json_object *object;
        int r;

        if (access(path, R_OK) < 0)
                return sentence_set(ret_sentence, -errno, "cannot read %s: %s", path, strerror(errno));
        object = json_object_from_file(path);
        if (!object)
                return sentence_set(
                                ret_sentence, -EBADMSG, "%s is no JSON: %s", path, json_util_get_last_err());
        r = read_all(object, state, claims, standing);
        json_object_put(object);
        if (r == -EINVAL)
                return sentence_set(ret_sentence, r,
                                "%s is not what --desired takes: {\"standing\": {KEY: TEXT}, \"lists\": {NAME: [NAMES]}, \"claims\": [{\"settings\": {KEY: TEXT}}]}, and no other key",
                                path);
        return r < 0 ? sentence_set(ret_sentence, r, "cannot take what %s says: %s", path, strerror(-r)) : 0;
}
