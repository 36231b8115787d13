/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/attendance.h"

#include <string.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/claims.h"
#include "daemon/engine/plugin-news.h"
#include "daemon/engine/presence.h"

#define TIME_BYTES 32u

/* A plugin that claims in force name and that has no host. */
typedef struct Absence {
        uint64_t since_boot_usec, since_real_usec;
        int64_t noted; /* the last claim that has it on record: later ones have later numbers */
        unsigned look; /* in which it was seen last */
} Absence;

/* One look at all claims. */
typedef struct Look {
        User *user;
        GHashTable *attended; /* a set of names, which are the claims' */
        unsigned number;
        uint64_t next_usec;
} Look;

static bool is_disabled(const User *user, const char *plugin) {
        return user->disabled_plugins &&
               g_ptr_array_find_with_equal_func(user->disabled_plugins, plugin, g_str_equal, NULL);
}

/* NULL: somebody is there, or nobody is to be. */
static Absence *find_absence(Look *look, const char *plugin) {
        const User *user = look->user;
        const Now *now = &user->engine->now;
        Absence *absence = g_hash_table_lookup(user->focus.absences, plugin);

        if (absence && absence->look == look->number)
                return absence;
        if (g_hash_table_contains(look->attended, plugin))
                return NULL;
        if (presence_has(user->engine, user->uid, plugin) || is_disabled(user, plugin)) {
                g_hash_table_add(look->attended, (char *) plugin);
                return NULL;
        }
        if (!absence) {
                absence = g_new0(Absence, 1);
                absence->since_boot_usec = now->boot_usec;
                absence->since_real_usec = now->real_usec;
                g_hash_table_insert(user->focus.absences, g_strdup(plugin), absence);
        }
        absence->look = look->number;
        return absence;
}

static const char *format_time(User *user, uint64_t real_usec, char buf[TIME_BYTES]) {
        GDateTime *utc = g_date_time_new_from_unix_utc((gint64) (real_usec / USEC_PER_SEC));
        GDateTime *local = utc ? g_date_time_to_timezone(utc, user_calendar_zone(user)) : NULL;
        cleanup_free_ char *text = local ? g_date_time_format(local, "%Y-%m-%d %H:%M") : NULL;

        g_strlcpy(buf, text ?: "?", TIME_BYTES);
        g_clear_pointer(&local, g_date_time_unref);
        g_clear_pointer(&utc, g_date_time_unref);
        return buf;
}

static void note(User *user, const char *plugin, const Absence *absence, int64_t claim) {
        char since[TIME_BYTES];
        cleanup_free_ char *message = g_strdup_printf(
                        "not running since %s", format_time(user, absence->since_real_usec, since));

        user_claims_note_failure(user, CLAIM_FAILED, plugin, message, claim);
        user_plugin_news_failed(user, plugin, message);
}

static void look_at_plugin(Look *look, const Claim *claim, const char *plugin) {
        const uint64_t now = look->user->engine->now.boot_usec;
        Absence *absence = find_absence(look, plugin);
        uint64_t from, due;

        if (!absence || claim->id <= absence->noted)
                return;
        /* One of another boot may have engaged later, as its clock went: that was before we looked. */
        from = claim->engaged_boot_usec <= now ? claim->engaged_boot_usec : 0;
        due = MAX(from, absence->since_boot_usec) + ATTENDANCE_USEC;
        if (now < due) {
                look->next_usec = MIN(look->next_usec, due);
                return;
        }
        absence->noted = claim->id;
        note(look->user, plugin, absence, claim->id);
}

static gboolean is_over(gpointer plugin, gpointer absence, gpointer look) {
        return ((const Absence *) absence)->look != ((const Look *) look)->number;
}

void user_attendance_settle(User *user) {
        const Now *now = &user->engine->now;
        Focus *focus = &user->focus;
        Look look = { .user = user, .number = ++focus->attendance_looks, .next_usec = MACHINE_NEVER };

        if (!focus->claims || now->boot_usec < focus->attendance_usec)
                return;
        if (!focus->absences)
                focus->absences = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        look.attended = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint i = 0; i < focus->claims->len; i++) {
                const Claim *claim = &g_array_index(focus->claims, Claim, i);

                if (claim_in_force(claim, now))
                        for (char **plugin = claim->profile.plugins; plugin && *plugin; plugin++)
                                look_at_plugin(&look, claim, *plugin);
        }
        g_hash_table_foreach_remove(focus->absences, is_over, &look);
        g_hash_table_unref(look.attended);
        focus->attendance_usec = look.next_usec;
}

uint64_t user_attendance_next(const User *user) {
        return user->focus.claims ? user->focus.attendance_usec : MACHINE_NEVER;
}
