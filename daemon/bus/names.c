/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/names.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

#include "daemon/bus/internal.h"
#include "daemon/engine/journal.h"

#define BUS_ITSELF "org.freedesktop.DBus"
#define MATCH_EVERY \
        "type='signal',sender='" BUS_ITSELF "',interface='" BUS_ITSELF "',member='NameOwnerChanged'"

struct Names {
        sd_bus *bus;
        GHashTable *watches; /* name → Watch, which it owns */
        sd_bus_slot *every;  /* the match that names share */
        unsigned n_apart, n_sharing;
};

struct NameSet {
        Names *names;
        GPtrArray *watches;
        NameLeft left;
        void *userdata;
};

typedef struct Watch {
        Names *names;
        char *name;
        GPtrArray *sets;    /* never empty while it is in the table */
        sd_bus_slot *match; /* NULL: it shares that of others */
        sd_bus_slot *asking;
        bool shares;
} Watch;

static void watch_unshare(Watch *watch) {
        if (watch->shares && --watch->names->n_sharing == 0)
                watch->names->every = sd_bus_slot_unref(watch->names->every);
        watch->shares = false;
}

static void watch_free(void *p) {
        Watch *watch = p;

        if (watch->match)
                watch->names->n_apart--;
        watch_unshare(watch);
        sd_bus_slot_unref(watch->match);
        sd_bus_slot_unref(watch->asking);
        g_ptr_array_unref(watch->sets);
        g_free(watch->name);
        g_free(watch);
}

/* Each set is told when it no longer has the name, and may end other sets, or itself. */
static void leave(Names *names, const char *name) {
        Watch *watch = g_hash_table_lookup(names->watches, name);

        if (!watch)
                return;
        g_hash_table_steal(names->watches, name);
        while (watch->sets->len > 0) {
                NameSet *set = g_ptr_array_steal_index_fast(watch->sets, 0);

                g_ptr_array_remove_fast(set->watches, watch);
                if (set->left)
                        set->left(set, watch->name, set->userdata);
        }
        watch_free(watch);
}

/* ---- what the bus says ---- */

/* A match rule is no proof of the sender: anybody may send a signal to a unique name. */
static void hear(Names *names, sd_bus_message *message) {
        const char *sender = sd_bus_message_get_sender(message), *name, *owner;

        if (sender && strcmp(sender, BUS_ITSELF) == 0 &&
                        sd_bus_message_read(message, "sss", &name, NULL, &owner) >= 0 && *owner == '\0')
                leave(names, name);
}

static int on_owner_changed(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        hear(((Watch *) userdata)->names, message);
        return 0;
}

static int on_any_owner_changed(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        hear(userdata, message);
        return 0;
}

static int on_has_owner(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Watch *watch = userdata;
        int has;

        watch->asking = sd_bus_slot_unref(watch->asking);
        if (sd_bus_message_is_method_error(message, NULL))
                journal_warning("The bus does not say whether %s is there: %s.", watch->name,
                                sd_bus_message_get_error(message)->message);
        else if (sd_bus_message_read_basic(message, SD_BUS_TYPE_BOOLEAN, &has) >= 0 && !has)
                leave(watch->names, watch->name);
        return 1;
}

/* Without this callback, sd-bus would end the connection. */
static int on_every_matched(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        if (sd_bus_message_is_method_error(message, NULL))
                journal_warning("The bus does not tell who leaves it: %s.",
                                sd_bus_message_get_error(message)->message);
        return 1;
}

/* ---- what the bus is asked ---- */

/* After the match, so that whoever left before it was in place is noticed. */
static int ask(Watch *watch) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = sd_bus_message_new_method_call(watch->names->bus, &call, BUS_ITSELF, "/org/freedesktop/DBus",
                        BUS_ITSELF, "NameHasOwner");

        if (r >= 0)
                r = sd_bus_message_append_basic(call, SD_BUS_TYPE_STRING, watch->name);
        watch->asking = sd_bus_slot_unref(watch->asking);
        return r < 0 ? r
                     : sd_bus_call_async(watch->names->bus, &watch->asking, call, on_has_owner, watch,
                                       UINT64_MAX);
}

static int watch_share(Watch *watch) {
        Names *names = watch->names;
        int r = 0;

        if (!names->every)
                r = sd_bus_add_match_async(names->bus, &names->every, MATCH_EVERY, on_any_owner_changed,
                                on_every_matched, names);
        if (r < 0)
                return r;
        names->n_sharing++;
        watch->shares = true;
        return 0;
}

/* Where the bus has no match left for this connection. */
static int on_matched(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Watch *watch = userdata;
        int r;

        if (!sd_bus_message_is_method_error(message, NULL) || watch->shares)
                return 1;
        r = watch_share(watch);
        if (r >= 0)
                r = ask(watch);
        if (r < 0)
                journal_warning("The bus cannot be asked about %s: %s.", watch->name, strerror(-r));
        return 1;
}

static int watch_apart(Watch *watch) {
        cleanup_free_ char *match = g_strdup_printf(MATCH_EVERY ",arg0='%s'", watch->name);
        int r = sd_bus_add_match_async(
                        watch->names->bus, &watch->match, match, on_owner_changed, on_matched, watch);

        if (r >= 0)
                watch->names->n_apart++;
        return r;
}

static int watch_new(Names *names, const char *name, Watch **ret_watch) {
        Watch *watch = g_new0(Watch, 1);
        int r;

        watch->names = names;
        watch->name = g_strdup(name);
        watch->sets = g_ptr_array_new();
        r = names->n_apart < NAMES_WATCHED_APART ? watch_apart(watch) : watch_share(watch);
        if (r >= 0)
                r = ask(watch);
        if (r < 0) {
                watch_free(watch);
                return r;
        }
        *ret_watch = watch;
        return 0;
}

/* ---- sets ---- */

Names *names_new(sd_bus *bus) {
        Names *names = g_new0(Names, 1);

        names->bus = bus;
        names->watches = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, watch_free);
        return names;
}

Names *names_free(Names *names) {
        if (!names)
                return NULL;
        assert(g_hash_table_size(names->watches) == 0);
        g_hash_table_unref(names->watches);
        g_free(names);
        return NULL;
}

NameSet *names_set_new(Names *names, NameLeft left, void *userdata) {
        NameSet *set = g_new0(NameSet, 1);

        set->names = names;
        set->watches = g_ptr_array_new();
        set->left = left;
        set->userdata = userdata;
        return set;
}

/* One whose sets are being told that it left is no longer in the table. */
static void drop(NameSet *set, Watch *watch) {
        g_ptr_array_remove_fast(set->watches, watch);
        g_ptr_array_remove_fast(watch->sets, set);
        if (watch->sets->len == 0 && g_hash_table_lookup(set->names->watches, watch->name) == watch)
                g_hash_table_remove(set->names->watches, watch->name);
}

NameSet *names_set_free(NameSet *set) {
        if (!set)
                return NULL;
        while (set->watches->len > 0)
                drop(set, g_ptr_array_index(set->watches, set->watches->len - 1));
        g_ptr_array_unref(set->watches);
        g_free(set);
        return NULL;
}

static Watch *find(const NameSet *set, const char *name) {
        Watch *watch = g_hash_table_lookup(set->names->watches, name);

        return watch && g_ptr_array_find(watch->sets, set, NULL) ? watch : NULL;
}

int names_set_add(NameSet *set, const char *name) {
        Watch *watch = g_hash_table_lookup(set->names->watches, name);
        int r;

        if (!watch) {
                r = watch_new(set->names, name, &watch);
                if (r < 0)
                        return r;
                g_hash_table_insert(set->names->watches, watch->name, watch);
        } else if (g_ptr_array_find(watch->sets, set, NULL))
                return 0;
        g_ptr_array_add(watch->sets, set);
        g_ptr_array_add(set->watches, watch);
        return 1;
}

bool names_set_remove(NameSet *set, const char *name) {
        Watch *watch = find(set, name);

        if (watch)
                drop(set, watch);
        return watch;
}

bool names_set_has(const NameSet *set, const char *name) {
        return find(set, name);
}

unsigned names_set_count(const NameSet *set) {
        return set->watches->len;
}

const char *names_set_get(const NameSet *set, unsigned i) {
        assert(i < set->watches->len);
        return ((const Watch *) g_ptr_array_index(set->watches, i))->name;
}
