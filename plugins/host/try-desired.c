/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/try-desired.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/text.h"
#include "plugins/host/json-text.h"
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

/* "claims[0].settings", of what is read; key may be NULL. */
static int refuse(const char *where, const char *key, const char *right, char **ret_sentence) {
        char excerpt[TEXT_EXCERPT_MAX];

        return sentence_set(ret_sentence, -EINVAL, "%s%s%s%s", where, key && *where ? "." : "",
                        key ? text_excerpt(key, excerpt) : "", right);
}

/* The object or list of that name; NULL: it is not there. */
static int member(json_object *object, const char *where, const char *key, json_type type,
                json_object **ret_value, char **ret_sentence) {
        *ret_value = NULL;
        if (!json_object_object_get_ex(object, key, ret_value) || json_object_is_type(*ret_value, type))
                return 0;
        return refuse(where, key,
                        type == json_type_array ? " has to be a list, [ … ]" : " has to be an object, { … }",
                        ret_sentence);
}

/* An object of these keys: a slip would look like a plugin that does nothing. */
static int known_keys(json_object *object, const char *where, const char *const *keys, const char *right,
                char **ret_sentence) {
        if (!json_object_is_type(object, json_type_object))
                return refuse(*where ? where : "all of it", NULL, " has to be an object, { … }",
                                ret_sentence);
        json_object_object_foreach(object, key, value) {
                size_t i = 0;

                (void) value;
                while (keys[i] && strcmp(keys[i], key) != 0)
                        i++;
                if (!keys[i])
                        return refuse(where, key, right, ret_sentence);
        }
        return 0;
}

static int read_pairs(json_object *object, const char *where, const char *key, HeldPairs *pairs,
                char **ret_sentence) {
        json_object *values;
        int r = member(object, where, key, json_type_object, &values, ret_sentence);

        if (r < 0 || !values)
                return r;
        json_object_object_foreach(values, name, value)
                        held_pairs_add(pairs, name, json_object_get_string(value) ?: "");
        return 0;
}

/* A list is kept by its digest, and each claim has all of them. */
static int read_list(json_object *names, const char *name, State *state, char digest[SHA256_HEX_MAX],
                char **ret_sentence) {
        cleanup_free_ char *text = NULL;
        size_t n_bytes = 0;
        FILE *stream;

        if (!json_object_is_type(names, json_type_array))
                return refuse("lists", name, " has to be a list, [ … ]", ret_sentence);
        /* Appending to a text would measure it anew for each name. */
        stream = memory_check(open_memstream(&text, &n_bytes));
        for (size_t i = 0; i < json_object_array_length(names); i++)
                fprintf(stream, "%s\n", json_object_get_string(json_object_array_get_idx(names, i)) ?: "");
        fclose(stream);
        memory_check(text);
        sha256_hex(text, n_bytes, digest);
        return state_put_list(state, digest, text);
}

static int read_lists(json_object *object, State *state, HeldPairs *lists, char **ret_sentence) {
        json_object *values;
        int r = member(object, "", "lists", json_type_object, &values, ret_sentence);

        if (r < 0 || !values)
                return r;
        json_object_object_foreach(values, name, value) {
                char digest[SHA256_HEX_MAX];

                r = read_list(value, name, state, digest, ret_sentence);
                if (r < 0)
                        return r;
                held_pairs_add(lists, name, digest);
        }
        return 0;
}

static int read_claim(json_object *object, size_t place, const HeldPairs *lists, HeldClaims *claims,
                uint64_t now_usec, char **ret_sentence) {
        cleanup_free_ char *where = memory_format("claims[%zu]", place);
        static const char *const keys[] = { "uid", "id", "profile", "lock", "source", "until-boottime-usec",
                "settings", NULL };
        HeldClaim *claim;
        int r = known_keys(object, where, keys,
                        " is no key of a claim; there are uid, id, profile, lock, source, until-boottime-usec and settings",
                        ret_sentence);

        if (r < 0)
                return r;
        claim = held_claims_add(claims, (uint32_t) number_of(object, "uid", geteuid()),
                        number_of(object, "id", place + 1));
        held_text(&claim->profile, text_of(object, "profile", "try"));
        held_text(&claim->lock, text_of(object, "lock", "none"));
        held_text(&claim->source, text_of(object, "source", "user"));
        claim->end.boottime_usec = number_of(object, "until-boottime-usec", now_usec + USEC_PER_HOUR);
        for (size_t i = 0; i < lists->n; i++)
                held_pairs_add(&claim->lists, lists->list[i].key, lists->list[i].text);
        return read_pairs(object, where, "settings", &claim->settings, ret_sentence);
}

static int read_all(json_object *object, State *state, HeldClaims *claims, HeldPairs *standing,
                char **ret_sentence) {
        cleanup_(held_pairs_clear) HeldPairs lists = {};
        uint64_t now_usec = state_now(state).boottime_usec;
        static const char *const keys[] = { "standing", "lists", "claims", NULL };
        json_object *values;
        int r;

        if ((r = known_keys(object, "", keys, " is no key; there are standing, lists and claims",
                             ret_sentence)) < 0 ||
                        (r = read_pairs(object, "", "standing", standing, ret_sentence)) < 0 ||
                        (r = read_lists(object, state, &lists, ret_sentence)) < 0 ||
                        (r = member(object, "", "claims", json_type_array, &values, ret_sentence)) < 0)
                return r;
        for (size_t i = 0; r >= 0 && values && i < json_object_array_length(values); i++)
                r = read_claim(json_object_array_get_idx(values, i), i, &lists, claims, now_usec,
                                ret_sentence);
        return r;
}

/* Whatever it is, a pipe as well. */
static int read_file(const char *path, char **ret_text, size_t *ret_size) {
        cleanup_free_ char *text = NULL;
        FILE *file = fopen(path, "re"), *stream;
        char part[4096];
        size_t n;
        int r;

        if (!file)
                return -errno;
        stream = memory_check(open_memstream(&text, ret_size));
        while ((n = fread(part, 1, sizeof(part), file)) > 0)
                fwrite(part, 1, n, stream);
        r = ferror(file) ? -errno : 0;
        fclose(stream);
        fclose(file);
        if (r == 0)
                *ret_text = memory_check(steal(text));
        return r;
}

int try_desired_read(const char *path, State *state, HeldClaims *claims, HeldPairs *standing,
                char **ret_sentence) {
        cleanup_free_ char *text = NULL, *wrong = NULL;
        json_object *object = NULL;
        size_t size;
        int r = read_file(path, &text, &size);

        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot read %s: %s", path, strerror(-r));
        r = json_text_parse(text, size, &object, &wrong);
        if (r < 0)
                return sentence_set(ret_sentence, r, "%s is no JSON: %s", path, wrong);
        r = read_all(object, state, claims, standing, &wrong);
        json_object_put(object);
        return r < 0 ? sentence_set(ret_sentence, r, "cannot take what %s says: %s", path,
                                       wrong ?: strerror(-r))
                     : 0;
}
