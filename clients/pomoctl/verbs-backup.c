/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <inttypes.h>
#include <stdio.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/list.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"
#include "common/timestamp.h"

/* A backup of years is checked in a process of its own before it is answered. */
#define BACKUP_TIMEOUT_USEC (10 * USEC_PER_MIN)

static int be_patient(const Program *program) {
        int r;

        if (client_connect(program->client) < 0)
                return program_failed(program);
        r = sd_bus_set_method_call_timeout(client_bus(program->client), BACKUP_TIMEOUT_USEC);
        return r < 0 ? program_errno(program, r, "cannot wait for a backup") : 0;
}

static int verb_backup(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_free_ char *safe = NULL;
        const char *name;
        int r;

        if (args->n_words > 0)
                return ctl_usage(ctl,
                                "'%.64s' is one word too many; there is pomoctl backup and pomoctl backup list",
                                args->words[0]);

        r = be_patient(&ctl->program);
        r = r ?: program_call(&ctl->program, POMOD_INTERFACE_HISTORY, "Backup", NULL, &reply, "");
        r = r ?: program_read(&ctl->program, reply, "s", &name);
        if (r != 0)
                return r;

        safe = memory_safe_text(name);
        if (ctl->program.json)
                json_say("s", "name", name);
        else
                printf("made backup %s\n", safe);
        return 0;
}

static void size_format(uint64_t bytes, char *buf, size_t n) {
        if (bytes < 1024)
                snprintf(buf, n, "%" PRIu64 " B", bytes);
        else if (bytes < 1024 * 1024)
                snprintf(buf, n, "%" PRIu64 " KiB", (bytes + 1023) / 1024);
        else
                snprintf(buf, n, "%.1f MiB", (double) bytes / (1024.0 * 1024.0));
}

static void backup_row(Table *table, struct json_object *record) {
        time_t made = record_time(record, "MadeRealtimeUSec");
        char text[TIMESTAMP_TEXT_MAX] = "", size[32];
        struct tm tm;

        if (!localtime_r(&made, &tm) || strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm) == 0)
                text[0] = '\0';
        size_format(record_u64(record, "Bytes"), size, sizeof(size));
        table_add(table, (const char *const[]){ record_text(record, "Name"), text, size });
}

static const RecordList backup_list = {
        .headings = (const char *const[]){ "NAME", "MADE", ">SIZE", NULL },
        .row = backup_row,
        .none = "no backups yet; make one with: pomoctl backup",
};

static int verb_backup_list(Ctl *ctl, const Args *args) {
        cleanup_(records_done) Records records = {};
        int r = ctl->program.json ? 0 : program_use_zone(&ctl->program);

        if (r != 0)
                return r;
        records = records_ask(&ctl->program, POMOD_INTERFACE_HISTORY, "ListBackups", NULL, "");
        return list_show(ctl, &records, &backup_list);
}

static int verb_restore(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_free_ char *safe = NULL;
        const char *name, *kept;
        int r;

        if (args->n_words == 0)
                return ctl_usage(ctl, "which backup? pomoctl backup list names them");
        name = args->words[0];
        r = ctl_check_text(ctl, "name", name, CAP_NOTE_BYTES);
        r = r ?: be_patient(&ctl->program);
        r = r ?: program_call(&ctl->program, POMOD_INTERFACE_HISTORY, "Restore", NULL, &reply, "s", name);
        r = r ?: program_read(&ctl->program, reply, "s", &kept);
        if (r != 0)
                return r;

        if (ctl->program.json) {
                json_say("ss", "restored", name, "kept", kept);
                return 0;
        }
        safe = memory_safe_text(name);
        printf("restored %s\n", safe);
        if (*kept)
                printf("what was there before: pomoctl restore %s\n", kept);
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_backups[] = {
        { .name = "backup", .usage = "", .words = WORDS_ANY, .run = verb_backup,
          .brief = "make a backup; also: list",
          .sentence = "make a backup now, beside the nightly ones",
          .examples = ITEMS({ "pomoctl backup", "before you try something" }, ) },
        { .name = "backup list", .usage = "", .run = verb_backup_list,
          .sentence = "list the backups",
          .examples = ITEMS({ "pomoctl backup list", "newest first" }, ) },
        { .name = "restore", .usage = "NAME", .words = 1, .run = verb_restore,
          .brief = "go back to a backup",
          .sentence = "go back to a backup; what was there before becomes a backup too",
          .examples = ITEMS({ "pomoctl restore NAME", "a name of pomoctl backup list" }, ) },
        {},
};
/* clang-format on */
