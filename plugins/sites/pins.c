/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/pins.h"

#include <assert.h>
#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "plugins/sites/names.h"
#include "plugins/sites/standing.h"

#define RECORD "pins"

struct Pins {
        GPtrArray *list;      /* of Pin */
        GHashTable *by_claim; /* the same */
};

DEFINE_CLEANUP(struct json_object *, json_object_put);

/* ---- one of them ---- */

static void free_pin(gpointer p) {
        Pin *pin = p;

        names_free(pin->never);
        g_strfreev(pin->names);
        g_free(pin);
}

/* Takes the names. */
static Pin *make_pin(uint32_t uid, uint64_t id, bool hosts, bool chromium, char **names) {
        Pin *pin = g_new0(Pin, 1);

        *pin = (Pin){
                .uid = uid,
                .id = id,
                .hosts = hosts,
                .chromium = chromium,
                .never = names_new((const char *const *) names),
                .names = names,
        };
        return pin;
}

static guint hash_pin(gconstpointer p) {
        const Pin *pin = p;

        return pin->uid * 31u + (guint) (pin->id ^ pin->id >> 32);
}

static gboolean same_claim(gconstpointer a, gconstpointer b) {
        const Pin *left = a, *right = b;

        return left->uid == right->uid && left->id == right->id;
}

/* Takes the pin. */
static void add_pin(Pins *pins, Pin *pin) {
        g_ptr_array_add(pins->list, pin);
        g_hash_table_add(pins->by_claim, pin);
}

static bool has_lock(const PomoClaim *claim) {
        return strcmp(claim->lock, "none") != 0;
}

/* ---- saved ---- */

/* {"pins": [[UID, CLAIM, HOSTS, CHROMIUM, N]], "never": [[NAME]]}: N says which of never it is, since many
 * have the same. */
static bool is_same(char *const *a, char *const *b) {
        return g_strv_equal((const char *const *) a, (const char *const *) b);
}

static struct json_object *names_to_json(char *const *names) {
        struct json_object *list = json_object_new_array();

        for (; *names; names++)
                json_object_array_add(list, json_object_new_string(*names));
        return list;
}

/* The number of its names among those that are there, where it adds them. */
static size_t add_names(const Pins *pins, guint i, const size_t *numbers, struct json_object *never) {
        const Pin *pin = g_ptr_array_index(pins->list, i);

        for (guint j = 0; j < i; j++)
                if (is_same(((const Pin *) g_ptr_array_index(pins->list, j))->names, pin->names))
                        return numbers[j];
        json_object_array_add(never, names_to_json(pin->names));
        return json_object_array_length(never) - 1;
}

static int save(const Pins *pins, const Backend *backend) {
        cleanup_(json_object_putp) struct json_object *root = json_object_new_object();
        struct json_object *list = json_object_new_array(), *never = json_object_new_array();
        cleanup_free_ size_t *numbers = g_new0(size_t, pins->list->len);
        const char *text;

        json_object_object_add(root, "pins", list);
        json_object_object_add(root, "never", never);
        for (guint i = 0; i < pins->list->len; i++) {
                const Pin *pin = g_ptr_array_index(pins->list, i);
                struct json_object *row = json_object_new_array();

                numbers[i] = add_names(pins, i, numbers, never);
                json_object_array_add(row, json_object_new_int64(pin->uid));
                json_object_array_add(row, json_object_new_uint64(pin->id));
                json_object_array_add(row, json_object_new_boolean(pin->hosts));
                json_object_array_add(row, json_object_new_boolean(pin->chromium));
                json_object_array_add(row, json_object_new_uint64(numbers[i]));
                json_object_array_add(list, row);
        }
        text = json_object_to_json_string_ext(root, JSON_C_TO_STRING_PLAIN);
        return backend->calls->save(backend->host, RECORD, text, strlen(text));
}

static char **names_from_json(struct json_object *list) {
        size_t n = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
        char **names = g_new0(char *, n + 1);

        for (size_t i = 0; i < n; i++)
                names[i] = g_strdup(json_object_get_string(json_object_array_get_idx(list, i)) ?: "");
        return names;
}

static void load_row(Pins *pins, struct json_object *row, struct json_object *never) {
        struct json_object *cells[5];

        for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
                cells[i] = json_object_is_type(row, json_type_array) ? json_object_array_get_idx(row, i)
                                                                     : NULL;
                if (!cells[i])
                        return;
        }
        add_pin(pins, make_pin((uint32_t) json_object_get_int64(cells[0]), json_object_get_uint64(cells[1]),
                                      json_object_get_boolean(cells[2]), json_object_get_boolean(cells[3]),
                                      names_from_json(json_object_array_get_idx(
                                                      never, (size_t) json_object_get_int64(cells[4])))));
}

static void load(Pins *pins, struct json_object *root) {
        struct json_object *list, *never;

        if (!json_object_object_get_ex(root, "pins", &list) || !json_object_is_type(list, json_type_array) ||
                        !json_object_object_get_ex(root, "never", &never) ||
                        !json_object_is_type(never, json_type_array))
                return;
        for (size_t i = 0; i < json_object_array_length(list); i++)
                load_row(pins, json_object_array_get_idx(list, i), never);
}

Pins *pins_load(const Backend *backend) {
        cleanup_(json_object_putp) struct json_object *root = NULL;
        cleanup_free_ void *text = NULL;
        Pins *pins = g_new0(Pins, 1);
        size_t size;

        pins->list = g_ptr_array_new_with_free_func(free_pin);
        pins->by_claim = g_hash_table_new(hash_pin, same_claim);
        if (backend->calls->load(backend->host, RECORD, &text, &size) >= 0)
                root = json_tokener_parse(text);
        load(pins, root);
        return pins;
}

Pins *pins_free(Pins *pins) {
        if (!pins)
                return NULL;
        g_hash_table_unref(pins->by_claim);
        g_ptr_array_unref(pins->list);
        g_free(pins);
        return NULL;
}

/* ---- claims come and go ---- */

static Pin *find(const Pins *pins, uint32_t uid, uint64_t id) {
        return g_hash_table_lookup(pins->by_claim, &(Pin){ .uid = uid, .id = id });
}

static bool drop_over(Pins *pins, const PomoDesired *desired) {
        guint n = pins->list->len;

        for (guint i = 0; i < n; i++)
                ((Pin *) g_ptr_array_index(pins->list, i))->in_force = false;
        for (size_t i = 0; i < desired->n_claims; i++) {
                Pin *pin = find(pins, desired->claims[i]->uid, desired->claims[i]->id);

                if (pin)
                        pin->in_force = true;
        }
        for (guint i = pins->list->len; i-- > 0;) {
                Pin *pin = g_ptr_array_index(pins->list, i);

                if (!pin->in_force) {
                        g_hash_table_remove(pins->by_claim, pin);
                        g_ptr_array_remove_index(pins->list, i);
                }
        }
        return pins->list->len < n;
}

static bool add_new(Pins *pins, const PomoDesired *desired) {
        const PomoValue *never = standing_value(desired, "never");
        guint n = pins->list->len;

        for (size_t i = 0; i < desired->n_claims; i++) {
                const PomoClaim *claim = desired->claims[i];
                char **names;

                if (!has_lock(claim) || pins_of(pins, claim->uid, claim->id))
                        continue;
                names = never ? g_strdupv((char **) never->names) : g_new0(char *, 1);
                add_pin(pins, make_pin(claim->uid, claim->id, standing_is_on(desired, "hosts"),
                                              standing_is_on(desired, "chromium"), names));
        }
        return pins->list->len > n;
}

int pins_update(Pins *pins, const Backend *backend, const PomoDesired *desired) {
        bool changed;
        int r;

        assert(pins && backend && desired);
        changed = drop_over(pins, desired);
        changed = add_new(pins, desired) || changed;
        if (!changed)
                return 0;
        r = pins->list->len > 0 ? save(pins, backend) : backend->calls->drop(backend->host, RECORD);
        return r == -ENOENT ? 0 : r;
}

void pins_drop(const Backend *backend) {
        (void) backend->calls->drop(backend->host, RECORD);
}

/* ---- asked for ---- */

const Pin *pins_of(const Pins *pins, uint32_t uid, uint64_t id) {
        return find(pins, uid, id);
}

const Pin *pins_with_hosts(const Pins *pins) {
        for (guint i = 0; i < pins->list->len; i++)
                if (((const Pin *) g_ptr_array_index(pins->list, i))->hosts)
                        return g_ptr_array_index(pins->list, i);
        return NULL;
}

const Pin *pins_with_chromium(const Pins *pins) {
        for (guint i = 0; i < pins->list->len; i++)
                if (((const Pin *) g_ptr_array_index(pins->list, i))->chromium)
                        return g_ptr_array_index(pins->list, i);
        return NULL;
}
