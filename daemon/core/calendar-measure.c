/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What work is measured by: what a day is meant to hold, and what was outside of its hours. */

#include "common/duration.h"
#include "daemon/core/calendar-private.h"

#define SEGMENTS_AT_ONCE 256u /* a fraction of a millisecond */

/* Of one interval, no more is looked at: who reads a log of years that were never stopped holds up nobody. */
#define LOOKED_AT_USEC (7 * USEC_PER_DAY)

uint32_t calendar_target(Calendar *calendar, Date date) {
        GArray *covers = calendar_covers(calendar, date);
        uint32_t sum = 0;

        for (guint i = 0; i < covers->len; i++) {
                const Cover *cover = &g_array_index(covers, Cover, i);

                if (cover->standing == COVER_GOVERNS)
                        sum += MIN(cover->rule->target, UINT32_MAX - sum);
        }
        g_array_unref(covers);
        return sum;
}

static bool is_outside(Calendar *calendar, const Segment *segment) {
        return segment->held ? segment->away : calendar_governed(calendar, segment->date);
}

/* Whoever is given way to may ask the calendar for something else: what is known is one's own meanwhile. */
static uint64_t time_outside(Calendar *calendar, uint64_t at, uint64_t end, const Yield *yield) {
        KnownHours known = calendar->known;
        unsigned n_segments = 0;
        bool sweeping = false;
        uint64_t outside = 0;
        Segment segment;
        Sweep sweep;

        while (at < end) {
                uint64_t edge;

                if (at < known.from_real_usec || at >= known.to_real_usec) {
                        if (!sweeping)
                                sweep_init(&sweep, calendar, at);
                        sweeping = true;
                        if (n_segments++ % SEGMENTS_AT_ONCE == 0)
                                give_way(yield);
                        sweep_next(&sweep, &segment);
                        known = (KnownHours){
                                .from_real_usec = segment.from_real_usec,
                                .to_real_usec = segment.to_real_usec,
                                .outside = is_outside(calendar, &segment),
                        };
                }
                edge = MIN(known.to_real_usec, end);
                outside += known.outside ? edge - at : 0;
                at = edge;
        }
        if (sweeping)
                sweep_done(&sweep);
        calendar->known = known;
        return outside;
}

uint64_t calendar_overtime(Calendar *calendar, const Interval *interval, const Yield *yield) {
        const uint64_t from = interval->started_real_usec, to = interval_ended_real_usec(interval);
        uint64_t outside;

        if (interval_kind_is_break(interval->kind) || calendar->set->rules->len == 0 ||
                        calendar_is_beyond(to))
                return 0;
        outside = time_outside(calendar, from, MIN(to, from + LOOKED_AT_USEC), yield);
        return MIN(outside, interval_worked_usec(interval));
}
