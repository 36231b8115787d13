/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * seed-store FOLDER N: fills a store with N intervals that end today, 16 on each working day: pomodoros with
 * their breaks, a freeform stretch, some paused, some interrupted, on 200 tasks of 8 projects. For benches
 * and tests.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/duration.h"
#include "daemon/store/connection.h"
#include "daemon/store/statement.h"
#include "daemon/store/store.h"
#include "daemon/store/record.h"
#include "daemon/store/write.h"

#define PER_DAY      16u
#define NEWEST       10
#define HOLIDAY_DAYS 20
#define TASKS        200
#define PROJECTS     8

/* Everything is the same in every run but the day it ends on. */
static uint64_t random_below(uint64_t n) {
        static uint64_t state = 88172645463325252ULL;

        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state % n;
}

static int seed_tasks(Store *store) {
        static const char sql[] =
                        "INSERT INTO tasks (id, uuid, title, project, estimate) VALUES (?1, ?2, ?3, ?4, ?5)";

        int r = 0;

        for (int64_t id = 1; r == 0 && id <= TASKS; id++) {
                char uuid[37], title[32], project[32];

                record_make_uuid(uuid);
                snprintf(title, sizeof(title), "Task number %" PRId64, id);
                snprintf(project, sizeof(project), "Project %" PRId64, id % PROJECTS);
                r = store_run(store, sql, "isssu", id, uuid, title, project, random_below(8));
        }
        return r;
}

typedef struct Seed {
        const char *kind, *outcome, *reason;
        uint64_t length, planned;
        bool work;
} Seed;

static Seed choose(unsigned nth) {
        if (nth == PER_DAY - 1)
                return (Seed){ "freeform", "completed", "stopped", (30 + random_below(60)) * USEC_PER_MIN, 0,
                        true };
        if (nth % 2 == 1) {
                uint64_t minutes = nth % 8 == 7 ? 15 : 5;
                bool skipped = random_below(10) == 0;

                return (Seed){ minutes == 15 ? "long-break" : "short-break",
                        skipped ? "skipped" : "completed", NULL,
                        skipped ? USEC_PER_MIN : minutes * USEC_PER_MIN, minutes * USEC_PER_MIN, false };
        }
        if (random_below(10) == 0)
                return (Seed){ "pomodoro", "void", "stopped", (1 + random_below(24)) * USEC_PER_MIN,
                        25 * USEC_PER_MIN, true };
        return (Seed){ "pomodoro", "completed", NULL, 25 * USEC_PER_MIN, 25 * USEC_PER_MIN, true };
}

static int seed_interval(Store *store, int64_t id, uint64_t started, const Seed *seed) {
        static const char sql[] =
                        "INSERT INTO intervals (id, uuid, kind, outcome, reason, note, started_usec, offset_sec, length_usec, planned_usec, extended_usec, epoch, overtime, task) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 3600, ?8, ?9, 0, 1, 0, ?10)";
        static const char pause[] = "INSERT INTO pauses VALUES (?1, 1, ?2, ?3)";
        static const char interruption[] = "INSERT INTO interruptions VALUES (?1, 1, ?2, ?3, NULL)";
        bool paused = strcmp(seed->kind, "freeform") == 0;
        const char *note;
        char uuid[37];
        int64_t task;
        int r;

        snprintf(uuid, sizeof(uuid), "%08x-%04x-4%03x-8%03x-%012" PRIx64, (unsigned) random_below(1ULL << 32),
                        (unsigned) random_below(1 << 16), (unsigned) random_below(1 << 12),
                        (unsigned) random_below(1 << 12), random_below(1ULL << 48));
        note = random_below(20) == 0 ? "A note about what was done" : NULL;
        task = seed->work ? 1 + (int64_t) random_below(TASKS) : 0;
        r = store_run(store, sql, "issstsuuud", id, uuid, seed->kind, seed->outcome, seed->reason, note,
                        started, seed->length, seed->planned, task);
        if (r < 0 || !seed->work || random_below(5) != 0)
                return r;
        return store_run(store, paused ? pause : interruption, "iuu", id, seed->length / 2,
                        paused ? seed->length / 8 : random_below(2));
}

/* Days since 1970 that the older ones are spread over: more a day where there were not enough days. */
typedef struct Spread {
        uint64_t first_day, per_day;
        bool weekends;
} Spread;

static Spread spread_over(uint64_t now, uint64_t n) {
        uint64_t last_day = now / USEC_PER_DAY - HOLIDAY_DAYS;
        uint64_t working_days = (n + PER_DAY - 1) / PER_DAY;

        if (working_days <= 10000)
                return (Spread){ last_day - working_days * 7 / 5 - 2, PER_DAY, false };
        return (Spread){ last_day - 18000, (n + 17999) / 18000, true };
}

static bool is_weekend(uint64_t day) {
        uint64_t weekday = (day + 4) % 7; /* 1970 began on a Thursday; 0 is Sunday */

        return weekday == 0 || weekday == 6;
}

static int seed_log(Store *store, uint64_t now, int64_t n) {
        uint64_t older = n > NEWEST ? (uint64_t) n - NEWEST : 0;
        Spread spread = spread_over(now, older);
        uint64_t day = spread.first_day, at = 0;

        for (uint64_t i = 0; i < (uint64_t) n; i++) {
                uint64_t nth = i < older ? i % spread.per_day : i - older;
                Seed seed = choose((unsigned) (nth % PER_DAY));
                int r;

                if (nth == 0) {
                        do
                                day = i < older ? day + 1 : now / USEC_PER_DAY - 1;
                        while (i < older && !spread.weekends && is_weekend(day));
                        at = day * USEC_PER_DAY + 6 * USEC_PER_HOUR;
                }
                r = seed_interval(store, (int64_t) i + 1, at, &seed);
                if (r < 0)
                        return r;
                at += seed.length + random_below(2) * USEC_PER_MIN;
        }
        return 0;
}

static int seed_state(Store *store, uint64_t now, int64_t n) {
        static const char sql[] = "UPDATE state SET next_interval = ?1, next_task = ?2, seen_real_usec = ?3";

        return store_run(store, sql, "iiu", n + 1, (int64_t) TASKS + 1, now);
}

static int seed(const char *folder, int64_t n) {
        StoreReport report = {};
        Store *store = NULL;
        StoreWrite write;
        struct timespec ts;
        uint64_t now;
        int r;

        clock_gettime(CLOCK_REALTIME, &ts);
        now = (uint64_t) ts.tv_sec * USEC_PER_SEC;
        r = store_open(folder, geteuid(), NULL, true, now, &store, &report);
        if (r < 0)
                return r;
        /* A checkpoint within the transaction cannot be, so its pages stay in memory as far as there is room.
         */
        r = connection_exec(store->db, "PRAGMA cache_size = -65536");
        if (r == 0)
                r = store_write_begin(store, &write);
        if (r == 0) {
                r = seed_tasks(store);
                if (r == 0)
                        r = seed_log(store, now, n);
                if (r == 0)
                        r = seed_state(store, now, n);
                r = store_write_end(&write, r, 1);
        }
        store_report_done(&report);
        store_close(store);
        return r;
}

int main(int argc, char **argv) {
        char *end = NULL;
        int64_t n = argc == 3 ? strtoll(argv[2], &end, 10) : -1;
        int r;

        if (n < 0 || *end != '\0') {
                fprintf(stderr, "Usage: seed-store FOLDER NUMBER\n");
                return 2;
        }
        r = seed(argv[1], n);
        if (r < 0) {
                fprintf(stderr, "%s could not be filled: %s\n", argv[1], strerror(-r));
                return 1;
        }
        return 0;
}
