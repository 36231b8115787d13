/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/wanted.h"

#include <assert.h>
#include <string.h>

#include "common/host-name.h"
#include "plugins/sites/names.h"

#define SEPARATORS ";,"
#define BLANKS     " \t"

/* What is added to a name, as people are led from one to the other. */
static const char *const additions[] = { "www.", "m." };
#define N_ADDITIONS (sizeof(additions) / sizeof(additions[0]))

typedef struct WantedClaim {
        const PomoClaim *claim;
        const Pin *pin;         /* NULL: it has none */
        const PomoValue *block; /* NULL: it blocks none */
        Names *except;
        GHashTable *own; /* of block, those that are written in the profile */
} WantedClaim;

/* What one user wants of one name. */
typedef struct Candidate {
        const char *name;
        bool own;
        bool adds[N_ADDITIONS];
} Candidate;

typedef struct WantedUser {
        uint32_t uid;
        GPtrArray *own, *listed; /* of Candidate */
        GHashTable *by_name;     /* the same */
} WantedUser;

/* ---- a claim ---- */

static const PomoValue *find_value(const PomoClaim *claim, const char *key) {
        for (size_t i = 0; i < claim->n_values; i++)
                if (strcmp(claim->values[i]->key, key) == 0)
                        return claim->values[i];
        return NULL;
}

/* As people write it, but in the one form of its letters. NULL: it is no text. */
static char *fold(const char *item, size_t n) {
        cleanup_free_ char *lower = g_utf8_strdown(item, (gssize) n);
        size_t length = strlen(lower);

        if (length > 1 && lower[length - 1] == '.')
                lower[length - 1] = '\0';
        return g_utf8_normalize(lower, -1, G_NORMALIZE_NFC);
}

/* The names that a text has of itself, whatever its @lists have. */
static GHashTable *written(const char *text) {
        GHashTable *items = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        while (*text) {
                size_t n;

                text += strspn(text, SEPARATORS BLANKS);
                n = strcspn(text, SEPARATORS BLANKS);
                if (n > 0 && text[0] != '@' && g_utf8_validate(text, (gssize) n, NULL)) {
                        char *item = fold(text, n);

                        if (item)
                                g_hash_table_add(items, item);
                }
                text += n;
        }
        return items;
}

static bool is_written(GHashTable *items, const char *name) {
        cleanup_free_ char *letters = NULL;

        if (g_hash_table_contains(items, name))
                return true;
        if (!strstr(name, "xn--"))
                return false;
        letters = g_hostname_to_unicode(name);
        return letters && g_hash_table_contains(items, letters);
}

static GHashTable *find_own(const PomoValue *block) {
        cleanup_(g_hash_table_unrefp) GHashTable *items = written(block->text);
        GHashTable *own = g_hash_table_new(g_str_hash, g_str_equal);

        for (size_t i = 0; i < block->n_names && g_hash_table_size(items) > 0; i++)
                if (is_written(items, block->names[i]))
                        g_hash_table_add(own, (gpointer) block->names[i]);
        return own;
}

static WantedClaim make_claim(const PomoClaim *claim, const Pin *pin) {
        const PomoValue *block = find_value(claim, "block"), *except = find_value(claim, "except");
        /* What blocks nothing leaves nothing open: nobody has to wait for it to be sorted. */
        const char *const *names = except && block && block->n_names > 0 ? except->names : NULL;

        return (WantedClaim){
                .claim = claim,
                .pin = pin,
                .block = block,
                .except = names_new(names),
                .own = block ? find_own(block) : NULL,
        };
}

static bool is_excepted(const WantedClaim *claim, const char *name) {
        return names_cover(claim->except, name) != NULL;
}

/* Whether root keeps it open, but did not when the claim engaged. */
static bool is_pinned(const Wanted *wanted, const WantedClaim *claim, const char *name) {
        return claim->pin && never_standing(wanted->never, name) && !names_cover(claim->pin->never, name);
}

static bool is_never(const Wanted *wanted, const WantedClaim *claim, const char *name, const char **ret_why) {
        if (host_name_is_valid(name))
                return never_has(wanted->never, name, ret_why) && !is_pinned(wanted, claim, name);
        *ret_why = "no host has such a name";
        return true;
}

static bool is_blocked(const Wanted *wanted, const WantedClaim *claim, const char *name) {
        const char *why;

        return !is_excepted(claim, name) && !is_never(wanted, claim, name, &why);
}

/* ---- a user ---- */

static bool has_addition(const char *name) {
        for (size_t i = 0; i < N_ADDITIONS; i++)
                if (g_str_has_prefix(name, additions[i]))
                        return true;
        return false;
}

static char *add_to(size_t i, const char *name) {
        return strlen(additions[i]) + strlen(name) > HOST_NAME_BYTES ? NULL
                                                                     : g_strconcat(additions[i], name, NULL);
}

static void note_additions(const Wanted *wanted, const WantedClaim *claim, Candidate *candidate) {
        if (has_addition(candidate->name))
                return;
        for (size_t i = 0; i < N_ADDITIONS; i++) {
                cleanup_free_ char *name = candidate->adds[i] ? NULL : add_to(i, candidate->name);

                if (name && is_blocked(wanted, claim, name))
                        candidate->adds[i] = true;
        }
}

static void add_candidate(const Wanted *wanted, WantedUser *user, const WantedClaim *claim, const char *name,
                bool own) {
        Candidate *candidate = g_hash_table_lookup(user->by_name, name);
        GPtrArray *queue = own ? user->own : user->listed;

        if (!candidate) {
                if (queue->len >= WANTED_NAMES || !is_blocked(wanted, claim, name))
                        return;
                candidate = g_new0(Candidate, 1);
                *candidate = (Candidate){ .name = name, .own = own };
                g_ptr_array_add(queue, candidate);
                g_hash_table_insert(user->by_name, (gpointer) name, candidate);
        } else if (!is_blocked(wanted, claim, name))
                return;
        note_additions(wanted, claim, candidate);
}

/* Own names first, so that none of them is taken for one of a list. */
static void add_claims(const Wanted *wanted, WantedUser *user, bool own) {
        for (guint i = 0; i < wanted->n_claims; i++) {
                const WantedClaim *claim = &wanted->claims[i];

                for (size_t j = 0;
                                claim->claim->uid == user->uid && claim->block && j < claim->block->n_names;
                                j++) {
                        const char *name = claim->block->names[j];

                        if (g_hash_table_contains(claim->own, name) == own)
                                add_candidate(wanted, user, claim, name, own);
                }
        }
}

static WantedUser *make_user(const Wanted *wanted, uint32_t uid) {
        WantedUser *user = g_new0(WantedUser, 1);

        *user = (WantedUser){
                .uid = uid,
                .own = g_ptr_array_new_with_free_func(g_free),
                .listed = g_ptr_array_new_with_free_func(g_free),
                .by_name = g_hash_table_new(g_str_hash, g_str_equal),
        };
        add_claims(wanted, user, true);
        add_claims(wanted, user, false);
        return user;
}

static void free_user(gpointer p) {
        WantedUser *user = p;

        g_hash_table_unref(user->by_name);
        g_ptr_array_unref(user->own);
        g_ptr_array_unref(user->listed);
        g_free(user);
}

static GPtrArray *make_users(const Wanted *wanted) {
        GPtrArray *users = g_ptr_array_new_with_free_func(free_user);

        for (guint i = 0; i < wanted->n_claims; i++) {
                uint32_t uid = wanted->claims[i].claim->uid;

                if (i == 0 || uid != wanted->claims[i - 1].claim->uid)
                        g_ptr_array_add(users, make_user(wanted, uid));
        }
        return users;
}

/* ---- all of them ---- */

static void free_name(gpointer p) {
        WantedName *name = p;

        g_free((char *) name->name);
        g_free(name);
}

/* Takes the name. */
static void take(Wanted *wanted, char *text, uint32_t uid, bool own, bool added) {
        WantedName *name = g_hash_table_lookup(wanted->by_name, text);

        if (name || wanted->names->len >= WANTED_NAMES) {
                g_free(text);
                return;
        }
        name = g_new0(WantedName, 1);
        *name = (WantedName){ .name = text, .own = own, .uid = uid, .added = added };
        g_ptr_array_add(wanted->names, name);
        g_hash_table_insert(wanted->by_name, text, name);
}

static void take_additions(Wanted *wanted, const WantedUser *user, const Candidate *candidate) {
        for (size_t i = 0; i < N_ADDITIONS; i++) {
                char *name = candidate->adds[i] ? add_to(i, candidate->name) : NULL;

                if (name)
                        take(wanted, name, user->uid, candidate->own, true);
        }
}

typedef enum Round {
        ROUND_OWN,
        ROUND_LISTED,
        ROUND_LISTED_ADDITIONS,
        N_ROUNDS,
} Round;

/* false: the user has no more. */
static bool take_one(Wanted *wanted, const WantedUser *user, Round round, guint i) {
        const GPtrArray *queue = round == ROUND_OWN ? user->own : user->listed;
        const Candidate *candidate;

        if (i >= queue->len)
                return false;
        candidate = g_ptr_array_index(queue, i);
        if (round != ROUND_LISTED_ADDITIONS)
                take(wanted, g_strdup(candidate->name), user->uid, candidate->own, false);
        if (round != ROUND_LISTED)
                take_additions(wanted, user, candidate);
        return true;
}

/* A name of each user, then the next of each: nobody's list leaves others without theirs. */
static void take_round(Wanted *wanted, const GPtrArray *users, Round round) {
        bool more = true;

        for (guint i = 0; more && wanted->names->len < WANTED_NAMES; i++) {
                more = false;
                for (guint j = 0; j < users->len; j++)
                        more |= take_one(wanted, g_ptr_array_index(users, j), round, i);
        }
}

/* ---- what is below ---- */

static bool is_above_open(const Wanted *wanted, const WantedClaim *claim, const char *name) {
        if (names_below(claim->except, name))
                return true;
        if (claim->pin && never_standing_below(wanted->never, name))
                return names_below(claim->pin->never, name);
        return never_below(wanted->never, name);
}

static void look_below(Wanted *wanted, const WantedClaim *claim, const char *text) {
        WantedName *name = g_hash_table_lookup(wanted->by_name, text);

        if (name && !name->below && !is_excepted(claim, text))
                name->below = !is_above_open(wanted, claim, text);
}

/* Of a name that several claims block, one is enough that excepts none below it. */
static void look_below_all(Wanted *wanted) {
        for (guint i = 0; i < wanted->n_claims; i++) {
                const WantedClaim *claim = &wanted->claims[i];

                for (size_t j = 0; claim->block && j < claim->block->n_names; j++) {
                        const char *name = claim->block->names[j];

                        look_below(wanted, claim, name);
                        for (size_t k = 0; k < N_ADDITIONS && !is_excepted(claim, name); k++) {
                                cleanup_free_ char *added = add_to(k, name);

                                if (added)
                                        look_below(wanted, claim, added);
                        }
                }
        }
}

Wanted *wanted_new_pinned(const PomoDesired *desired, const Never *never, const Pins *pins) {
        cleanup_(g_ptr_array_unrefp) GPtrArray *users = NULL;
        Wanted *wanted = g_new0(Wanted, 1);

        assert(desired && never);
        *wanted = (Wanted){
                .names = g_ptr_array_new_with_free_func(free_name),
                .by_name = g_hash_table_new(g_str_hash, g_str_equal),
                .claims = g_new0(WantedClaim, desired->n_claims),
                .n_claims = (guint) desired->n_claims,
                .never = never,
        };
        for (guint i = 0; i < wanted->n_claims; i++) {
                const PomoClaim *claim = desired->claims[i];

                wanted->claims[i] = make_claim(claim, pins ? pins_of(pins, claim->uid, claim->id) : NULL);
        }
        users = make_users(wanted);
        for (Round round = ROUND_OWN; round < N_ROUNDS; round++)
                take_round(wanted, users, round);
        look_below_all(wanted);
        return wanted;
}

Wanted *wanted_new(const PomoDesired *desired, const Never *never) {
        return wanted_new_pinned(desired, never, NULL);
}

Wanted *wanted_free(Wanted *wanted) {
        if (!wanted)
                return NULL;
        for (guint i = 0; i < wanted->n_claims; i++) {
                names_free(wanted->claims[i].except);
                if (wanted->claims[i].own)
                        g_hash_table_unref(wanted->claims[i].own);
        }
        g_free(wanted->claims);
        g_hash_table_unref(wanted->by_name);
        g_ptr_array_unref(wanted->names);
        g_free(wanted);
        return NULL;
}

/* ---- what is left out ---- */

/* Names that stay open for one reason. */
typedef struct Reason {
        const char *why;
        NamesSaid names;
} Reason;

static void clear_reason(gpointer p) {
        Reason *reason = p;

        if (reason->names.text)
                g_string_free(reason->names.text, TRUE);
}

static void add_reason(GArray *reasons, const char *why, const char *name) {
        guint i = 0;

        while (i < reasons->len && strcmp(g_array_index(reasons, Reason, i).why, why) != 0)
                i++;
        if (i == reasons->len)
                g_array_append_val(reasons, ((Reason){ .why = why }));
        names_say(&g_array_index(reasons, Reason, i).names, name);
}

static void say_reasons(GArray *reasons, const PomoClaim *claim, WantedFunc func, void *data) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < reasons->len; i++) {
                Reason *reason = &g_array_index(reasons, Reason, i);
                guint n = reason->names.n;
                cleanup_free_ char *names = names_said(&reason->names);

                g_string_append_printf(text, "%s%s %s open: %s", i > 0 ? "; " : "", names,
                                n == 1 ? "stays" : "stay", reason->why);
        }
        func(claim->uid, claim->id, text->str, data);
        g_string_free(text, TRUE);
}

void wanted_each_left_out(const Wanted *wanted, WantedFunc func, void *data) {
        for (guint i = 0; i < wanted->n_claims; i++) {
                const WantedClaim *claim = &wanted->claims[i];
                GArray *reasons = g_array_new(FALSE, TRUE, sizeof(Reason));

                g_array_set_clear_func(reasons, clear_reason);
                for (size_t j = 0; claim->block && j < claim->block->n_names; j++) {
                        const char *name = claim->block->names[j], *why;

                        if (!is_excepted(claim, name) && is_never(wanted, claim, name, &why))
                                add_reason(reasons, why, name);
                }
                if (reasons->len > 0)
                        say_reasons(reasons, claim->claim, func, data);
                g_array_unref(reasons);
        }
}

/* "2 names (a.example, b.example)" */
static void say_names(NamesSaid *names, const PomoClaim *claim, WantedFunc func, void *data) {
        guint n = names->n;
        cleanup_free_ char *some = names_said(names);
        cleanup_free_ char *sentence = g_strdup_printf("%u %s (%s)", n, n == 1 ? "name" : "names", some);

        func(claim->uid, claim->id, sentence, data);
}

static void each_of(const Wanted *wanted,
                bool (*is_one)(const Wanted *wanted, const WantedClaim *claim, const char *name,
                                GHashTable *taken),
                GHashTable *taken, WantedFunc func, void *data) {
        for (guint i = 0; i < wanted->n_claims; i++) {
                const WantedClaim *claim = &wanted->claims[i];
                NamesSaid names = {};

                for (size_t j = 0; claim->block && j < claim->block->n_names; j++)
                        if (is_one(wanted, claim, claim->block->names[j], taken))
                                names_say(&names, claim->block->names[j]);
                if (names.n > 0)
                        say_names(&names, claim->claim, func, data);
        }
}

static bool is_missing(const Wanted *wanted, const WantedClaim *claim, const char *name, GHashTable *taken) {
        return !g_hash_table_contains(taken, name) && is_blocked(wanted, claim, name);
}

void wanted_each_missing(const Wanted *wanted, GHashTable *taken, WantedFunc func, void *data) {
        each_of(wanted, is_missing, taken, func, data);
}

static bool is_held(const Wanted *wanted, const WantedClaim *claim, const char *name, GHashTable *taken) {
        return is_pinned(wanted, claim, name) && is_blocked(wanted, claim, name);
}

void wanted_each_pinned(const Wanted *wanted, WantedFunc func, void *data) {
        each_of(wanted, is_held, NULL, func, data);
}
