/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/record.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/duration.h"
#include "common/names.h"
#include "common/timestamp.h"

/* A backup of years is checked in a process of its own before it is answered. */
#define BACKUP_TIMEOUT_USEC (10 * USEC_PER_MIN)

static int be_patient(const Ctl *ctl) {
        int r;

        r = client_connect(ctl->client);
        if (r < 0)
                return ctl_failed(ctl);
        r = sd_bus_set_method_call_timeout(client_bus(ctl->client), BACKUP_TIMEOUT_USEC);
        return r < 0 ? ctl_errno(ctl, r, "cannot wait for a backup") : 0;
}

static int verb_backup(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_free_ char *safe = NULL;
        const char *name;
        int r = 0;

        if (args->n_words > 0)
                return ctl_usage(ctl,
                                "'%.64s' is one word too many; there is pomoctl backup and pomoctl backup list",
                                args->words[0]);

        r = be_patient(ctl);
        if (r != 0)
                return r;
        if (client_call(ctl->client, POMOD_INTERFACE_HISTORY, "Backup", &reply, "a{sv}", 0) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(reply, "s", &name);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        if (ctl->json) {
                struct json_object *o = json_object_new_object();

                json_add_text(o, "name", name);
                json_print_and_put(stdout, o);
                return 0;
        }

        safe = ctl_text(name);
        printf("made backup %s\n", safe);
        return 0;
}

typedef struct Listing {
        const Ctl *ctl;
        Table *table;
} Listing;

static void size_format(uint64_t bytes, char *buf, size_t n) {
        if (bytes < 1024)
                snprintf(buf, n, "%" PRIu64 " B", bytes);
        else if (bytes < 1024 * 1024)
                snprintf(buf, n, "%" PRIu64 " KiB", (bytes + 1023) / 1024);
        else
                snprintf(buf, n, "%.1f MiB", (double) bytes / (1024.0 * 1024.0));
}

static int list_one(struct json_object *record, void *userdata) {
        uint64_t made = record_u64(record, "MadeRealtimeUSec"), bytes = record_u64(record, "Bytes");
        const char *name = record_text(record, "Name");
        char text[TIMESTAMP_TEXT_MAX], size[32];
        Listing *listing = userdata;
        struct tm tm;
        time_t t = (time_t) (made / USEC_PER_SEC);

        if (listing->ctl->json) {
                json_print_and_put(stdout, json_of_record(record, JSON_MICROSECONDS));
                return 0;
        }

        if (!localtime_r(&t, &tm) || strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm) == 0)
                text[0] = '\0';
        size_format(bytes, size, sizeof(size));
        return table_add(listing->table, (const char *const[]){ name, text, size });
}

static int verb_backup_list(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(table_freep) Table *table = NULL;
        Listing listing = { .ctl = ctl };
        int r = 0;

        if (!ctl->json)
                r = ctl_use_zone(ctl);
        if (r != 0)
                return r;

        listing.table = table = table_new((const char *const[]){ "NAME", "MADE", ">SIZE", NULL });
        if (!table)
                return ctl_errno(ctl, -ENOMEM, "cannot list the backups");

        if (client_call(ctl->client, POMOD_INTERFACE_HISTORY, "ListBackups", &reply, "a{sv}", 0) < 0)
                return ctl_failed(ctl);
        r = record_each(reply, list_one, &listing);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        if (ctl->json)
                return 0;
        ctl_table(ctl, table, "no backups yet; make one with: pomoctl backup");
        return 0;
}

static int verb_restore(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_free_ char *safe = NULL;
        const char *kept;
        int r;

        if (args->n_words == 0)
                return ctl_usage(ctl, "which backup? pomoctl backup list names them");
        r = ctl_check_text(ctl, "name", args->words[0], CAP_NOTE_BYTES);
        if (r == 0)
                r = be_patient(ctl);
        if (r != 0)
                return r;

        if (client_call(ctl->client, POMOD_INTERFACE_HISTORY, "Restore", &reply, "sa{sv}", args->words[0],
                            0) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(reply, "s", &kept);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        if (ctl->json) {
                struct json_object *o = json_object_new_object();

                json_add_text(o, "restored", args->words[0]);
                json_add_text(o, "kept", kept);
                json_print_and_put(stdout, o);
                return 0;
        }
        safe = ctl_text(args->words[0]);
        printf("restored %s\n", safe);
        if (*kept)
                printf("what was there before: pomoctl restore %s\n", kept);
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_backups[] = {
        {
                .name = "backup",
                .brief = "make a backup; also: list",
                .usage = "",
                .words = WORDS_ANY,
                .sentence = "make a backup now, beside the nightly ones",
                .examples = ITEMS({ "pomoctl backup", "before you try something" }, ),
                .run = verb_backup,
        },
        {
                .name = "backup list",
                .usage = "",
                .sentence = "list the backups",
                .examples = ITEMS({ "pomoctl backup list", "newest first" }, ),
                .run = verb_backup_list,
        },
        {
                .name = "restore",
                .brief = "go back to a backup",
                .usage = "NAME",
                .words = 1,
                .sentence = "go back to a backup; what was there before becomes a backup too",
                .examples = ITEMS({ "pomoctl restore NAME", "a name of pomoctl backup list" }, ),
                .run = verb_restore,
        },
        {},
};
/* clang-format on */
