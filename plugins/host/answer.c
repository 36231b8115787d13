/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/answer.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"

/* What is in a record, apart from texts and pairs. */
typedef struct Record {
        HeldClaim claim; /* its texts are the message's */
        const char *plugin, *boot_id;
        uint32_t given; /* of fields, a bit each, and one of Settings */
} Record;

static const struct {
        const char *name;
        char type;
        size_t offset;
} fields[] = {
        { "Plugin", 's', offsetof(Record, plugin) },
        { "Uid", 'u', offsetof(Record, claim.uid) },
        { "Claim", 't', offsetof(Record, claim.id) },
        { "Profile", 's', offsetof(Record, claim.profile) },
        { "Lock", 's', offsetof(Record, claim.lock) },
        { "Source", 's', offsetof(Record, claim.source) },
        { "BootId", 's', offsetof(Record, boot_id) },
        { "UntilBoottimeUSec", 't', offsetof(Record, claim.end.boottime_usec) },
        { "UntilRealtimeUSec", 't', offsetof(Record, claim.end.realtime_usec) },
        { "LengthUSec", 't', offsetof(Record, claim.end.length_usec) },
        { "ReleaseBoottimeUSec", 't', offsetof(Record, claim.release_boottime_usec) },
        { "RestsUntilBoottimeUSec", 't', offsetof(Record, claim.rests_until_boottime_usec) },
        { "Firm", 'b', offsetof(Record, claim.end.firm) },
};

#define N_FIELDS       (sizeof(fields) / sizeof(fields[0]))
#define SETTINGS_GIVEN (UINT32_C(1) << N_FIELDS)
#define ALL_GIVEN      ((UINT32_C(1) << (N_FIELDS + 1)) - 1)

/* A variant of that one type. */
static int read_variant(sd_bus_message *message, const char *type, void *ret_value) {
        int r = sd_bus_message_enter_container(message, 'v', type);

        if (r <= 0)
                return r < 0 ? r : -EBADMSG;
        r = sd_bus_message_read_basic(message, type[0], ret_value);
        return r <= 0 ? (r < 0 ? r : -EBADMSG) : sd_bus_message_exit_container(message);
}

/* An array of entries; a function reads the value of each. 0 or a negative errno. */
static int read_entries(sd_bus_message *message, const char *entry,
                int (*read_value)(sd_bus_message *, const char *key, void *), void *userdata) {
        int r = sd_bus_message_enter_container(message, 'a', entry);
        const char *key, contents[] = { entry[1], entry[2], '\0' };

        if (r < 0)
                return r;
        while ((r = sd_bus_message_enter_container(message, 'e', contents)) > 0) {
                r = sd_bus_message_read_basic(message, 's', &key);
                if (r > 0)
                        r = read_value(message, key, userdata);
                if (r < 0 || (r = sd_bus_message_exit_container(message)) < 0)
                        return r;
        }
        return r < 0 ? r : sd_bus_message_exit_container(message);
}

static int read_setting(sd_bus_message *message, const char *key, void *userdata) {
        const char *text;
        int r = read_variant(message, "s", &text);

        if (r >= 0)
                held_pairs_add(userdata, key, text);
        return r;
}

static int read_list(sd_bus_message *message, const char *key, void *userdata) {
        const char *digest;
        int r = sd_bus_message_read_basic(message, 's', &digest);

        if (r > 0)
                held_pairs_add(userdata, key, digest);
        return r;
}

static int read_pairs(sd_bus_message *message, bool lists, HeldPairs *pairs) {
        int r = sd_bus_message_enter_container(message, 'v', lists ? "a{ss}" : "a{sv}");

        if (r <= 0)
                return r < 0 ? r : -EBADMSG;
        r = lists ? read_entries(message, "{ss}", read_list, pairs)
                  : read_entries(message, "{sv}", read_setting, pairs);
        return r < 0 ? r : sd_bus_message_exit_container(message);
}

static int read_scalar(sd_bus_message *message, size_t i, Record *record) {
        const char type[] = { fields[i].type, '\0' };
        void *into = (char *) record + fields[i].offset;
        int flag, r;

        if (type[0] != 'b')
                return read_variant(message, type, into);
        r = read_variant(message, type, &flag);
        if (r >= 0)
                *(bool *) into = flag;
        return r;
}

static int read_field(sd_bus_message *message, const char *name, void *userdata) {
        Record *record = userdata;

        if (strcmp(name, "Settings") == 0) {
                record->given |= SETTINGS_GIVEN;
                return read_pairs(message, false, &record->claim.settings);
        }
        if (strcmp(name, "Lists") == 0)
                return read_pairs(message, true, &record->claim.lists);
        for (size_t i = 0; i < N_FIELDS; i++)
                if (strcmp(name, fields[i].name) == 0) {
                        record->given |= UINT32_C(1) << i;
                        return read_scalar(message, i, record);
                }
        return sd_bus_message_skip(message, "v");
}

/* Of two records of one claim the last one counts. */
static void take(HeldAnswer *answer, Record *record) {
        HeldClaim *claim = held_claims_add(&answer->claims, record->claim.uid, record->claim.id);

        held_text(&claim->profile, record->claim.profile ?: "");
        held_text(&claim->lock, record->claim.lock ?: "");
        held_text(&claim->source, record->claim.source ?: "");
        claim->end = record->claim.end;
        claim->release_boottime_usec = record->claim.release_boottime_usec;
        claim->rests_until_boottime_usec = record->claim.rests_until_boottime_usec;
        held_pairs_clear(&claim->settings);
        held_pairs_clear(&claim->lists);
        claim->settings = record->claim.settings;
        claim->lists = record->claim.lists;
        if (record->boot_id && !answer->pomod_boot_id)
                answer->pomod_boot_id = memory_copy(record->boot_id);
}

static int read_record(sd_bus_message *message, const char *plugin, HeldAnswer *answer) {
        Record record = {};
        int r = read_entries(message, "{sv}", read_field, &record);

        /* What is taken for nothing lifts what is held. */
        if (r >= 0 && (record.given != ALL_GIVEN || strcmp(record.plugin, plugin) != 0))
                r = -EBADMSG;
        if (r < 0) {
                held_pairs_clear(&record.claim.settings);
                held_pairs_clear(&record.claim.lists);
                return r;
        }
        take(answer, &record);
        return 0;
}

static int read_records(sd_bus_message *message, const char *plugin, HeldAnswer *answer) {
        int r = sd_bus_message_enter_container(message, 'a', "a{sv}");

        if (r < 0)
                return r;
        while ((r = sd_bus_message_at_end(message, false)) == 0) {
                r = read_record(message, plugin, answer);
                if (r < 0)
                        return r;
        }
        return r < 0 ? r : sd_bus_message_exit_container(message);
}

static int read_unknown(sd_bus_message *message, HeldAnswer *answer) {
        const void *uids;
        size_t n_bytes;
        uint32_t *copy;
        int r = sd_bus_message_read_array(message, 'u', &uids, &n_bytes);

        if (r < 0)
                return r;
        copy = memory_new(uint32_t, n_bytes / sizeof(uint32_t));
        if (n_bytes > 0)
                memcpy(copy, uids, n_bytes);
        answer->unknown = copy;
        answer->n_unknown = n_bytes / sizeof(uint32_t);
        return 0;
}

static int read_all(sd_bus_message *reply, const char *plugin, HeldAnswer *answer) {
        const char *signature = sd_bus_message_get_signature(reply, true);
        bool manager = strcmp(signature ?: "", "taa{sv}au") == 0;
        int r;

        if (!manager && strcmp(signature ?: "", "ta{sv}aa{sv}") != 0)
                return -EBADMSG;
        r = sd_bus_message_read_basic(reply, 't', &answer->generation);
        if (r >= 0 && !manager)
                r = read_entries(reply, "{sv}", read_setting, &answer->standing);
        if (r >= 0)
                r = read_records(reply, plugin, answer);
        return r >= 0 && manager ? read_unknown(reply, answer) : r;
}

int answer_read(sd_bus_message *reply, const char *plugin, HeldAnswer *ret_answer) {
        HeldAnswer answer = {};
        int r = read_all(reply, plugin, &answer);

        if (r < 0) {
                answer_clear(&answer);
                return r;
        }
        *ret_answer = answer;
        return 0;
}

void answer_clear(HeldAnswer *answer) {
        held_claims_clear(&answer->claims);
        held_pairs_clear(&answer->standing);
        free((char *) answer->pomod_boot_id);
        free((uint32_t *) answer->unknown);
        *answer = (HeldAnswer){};
}
