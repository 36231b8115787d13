/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/*
 * Writes into its file "seen" every member of what apply() was given, a line each, and what event() was given
 * into "event". It is built against the header of the first release, against that of now, against one with a
 * table that is a member shorter, and against one with a member more in every struct (POMO_GROWN).
 */
#include "plugins/api/pomo-plugin.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#ifdef POMO_GROWN
#define GROWN(pointer, type) (POMO_HAS(pointer, type, grown) ? 1 : 0)
#else
#define GROWN(pointer, type) 0
#endif

typedef struct Mirror {
        PomoHost *host;
        const PomoHostCalls *calls;
} Mirror;

static const char *const choices[] = { "soft", "loud", NULL };

static const PomoSetting settings[] = {
        { .size = sizeof(PomoSetting), .key = "text", .sentence = "a text", .type = POMO_TEXT },
        { .size = sizeof(PomoSetting), .key = "words", .sentence = "words", .type = POMO_WORDS },
        { .size = sizeof(PomoSetting),
                        .key = "yes-no",
                        .fallback = "yes",
                        .sentence = "yes or no",
                        .type = POMO_YES_NO },
        { .size = sizeof(PomoSetting),
                        .key = "number",
                        .fallback = "7",
                        .sentence = "a number",
                        .type = POMO_NUMBER,
                        .min = -10,
                        .max = 10 },
        { .size = sizeof(PomoSetting),
                        .key = "duration",
                        .sentence = "a duration",
                        .type = POMO_DURATION,
                        .min = 1000000,
                        .max = 3600000000 },
        { .size = sizeof(PomoSetting),
                        .key = "choice",
                        .fallback = "soft",
                        .sentence = "one of these",
                        .type = POMO_CHOICE,
                        .choices = choices },
        { .size = sizeof(PomoSetting), .key = "names", .sentence = "names", .type = POMO_NAMES },
        { .size = sizeof(PomoSetting),
                        .key = "always",
                        .fallback = "25m",
                        .sentence = "holds always",
                        .type = POMO_DURATION,
                        .flags = POMO_STANDING },
};

static void write_value(FILE *file, const char *what, const PomoValue *value) {
        fprintf(file, "%s size=%zu key=%s text=%s number=%" PRId64 " n_names=%zu grown=%d names=", what,
                        value->size, value->key, value->text, value->number, value->n_names,
                        GROWN(value, PomoValue));
        for (const char *const *name = value->names; name && *name; name++)
                fprintf(file, "%s%s", name == value->names ? "" : ";", *name);
        fputc('\n', file);
}

static void write_claim(FILE *file, const PomoClaim *claim) {
        fprintf(file,
                        "claim size=%zu uid=%" PRIu32 " flags=%" PRIu32 " id=%" PRIu64
                        " until_boottime_usec=%" PRIu64
                        " profile=%s lock=%s source=%s n_values=%zu grown=%d\n",
                        claim->size, claim->uid, claim->flags, claim->id, claim->until_boottime_usec,
                        claim->profile, claim->lock, claim->source, claim->n_values, GROWN(claim, PomoClaim));
        for (const PomoValue *const *value = claim->values; *value; value++)
                write_value(file, "value", *value);
}

static int keep(const Mirror *mirror, const char *name, FILE *file, char **text, size_t *size) {
        int r;

        if (fclose(file) != 0)
                return -ENOMEM;
        r = mirror->calls->save(mirror->host, name, *text, *size);
        free(*text);
        return r < 0 ? r : POMO_DONE;
}

static int apply(void *state, const PomoDesired *desired) {
        Mirror *mirror = (Mirror *) state;
        char *text = NULL;
        size_t size = 0;
        FILE *file = open_memstream(&text, &size);

        if (!file)
                return -ENOMEM;
        fprintf(file, "host size=%zu grown=%d\n", mirror->calls->size, GROWN(mirror->calls, PomoHostCalls));
        fprintf(file,
                        "desired size=%zu generation=%" PRIu64 " reason=%" PRIu32 " flags=%" PRIu32
                        " n_claims=%zu n_standing=%zu grown=%d\n",
                        desired->size, desired->generation, desired->reason, desired->flags,
                        desired->n_claims, desired->n_standing, GROWN(desired, PomoDesired));
        for (const PomoClaim *const *claim = desired->claims; *claim; claim++)
                write_claim(file, *claim);
        for (const PomoValue *const *value = desired->standing; *value; value++)
                write_value(file, "standing", *value);
        return keep(mirror, "seen", file, &text, &size);
}

static void event(void *state, const PomoEvent *event) {
        Mirror *mirror = (Mirror *) state;
        char *text = NULL;
        size_t size = 0;
        FILE *file = open_memstream(&text, &size);

        if (!file)
                return;
        fprintf(file, "event size=%zu kind=%s seq=%" PRIu64 " interval=%" PRIu64 " grown=%d json=%s\n",
                        event->size, event->kind, event->seq, event->interval, GROWN(event, PomoEvent),
                        event->json);
        (void) keep(mirror, strcmp(event->kind, "state") == 0 ? "state" : "event", file, &text, &size);
}

static int open_mirror(PomoHost *host, const PomoHostCalls *calls, void **ret_state) {
        static Mirror mirror;

        mirror = (Mirror){ host, calls };
        *ret_state = &mirror;
        return 0;
}

static int release(PomoHost *host, const PomoHostCalls *calls) {
        int r = calls->drop(host, "seen");

        return r < 0 && r != -ENOENT ? r : 0;
}

const PomoPlugin pomo_plugin_1 = {
        .abi = POMO_PLUGIN_ABI,
        .scope = POMO_SESSION,
        .size = sizeof(PomoPlugin),
        .name = MIRROR_NAME,
        .version = "1",
        .sentence = "writes down what it is given",
        .settings = settings,
        .n_settings = sizeof(settings) / sizeof(settings[0]),
        .open = open_mirror,
        .apply = apply,
        .event = event,
        .release = release,
};
