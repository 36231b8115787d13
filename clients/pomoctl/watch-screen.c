/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/watch-screen.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/format.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/text.h"

#define GLYPH_ROWS    5u
#define BIG_COLUMNS   46u /* for "1:02:03" in big figures */
#define BIG_ROWS      16u
#define SCHEDULE_ROWS 7u /* else the keys are worth more */
#define BAR_COLUMNS   48u
#define DOTS_MAX      12u
#define MARGIN        2u
#define LINE_TEXT_MAX 1024u

/* Figures of five rows, from '0' on; ':' is the last. */
static const char *const glyphs[][GLYPH_ROWS] = {
        { "█████", "█   █", "█   █", "█   █", "█████" },
        { "   █ ", "  ██ ", "   █ ", "   █ ", "  ███" },
        { "█████", "    █", "█████", "█    ", "█████" },
        { "█████", "    █", " ████", "    █", "█████" },
        { "█   █", "█   █", "█████", "    █", "    █" },
        { "█████", "█    ", "█████", "    █", "█████" },
        { "█████", "█    ", "█████", "█   █", "█████" },
        { "█████", "    █", "   █ ", "  █  ", "  █  " },
        { "█████", "█   █", "█████", "█   █", "█████" },
        { "█████", "█   █", "█████", "    █", "█████" },
        { " ", "█", " ", "█", " " },
};

typedef struct Screen {
        FILE *file;
        const WatchView *view;
        unsigned row;
} Screen;

static unsigned margin_of(const WatchView *view) {
        return view->columns > 40 ? MARGIN : 0;
}

static void line(Screen *screen, Colour colour, const char *format, ...)
                __attribute__((format(printf, 3, 4)));

static void line(Screen *screen, Colour colour, const char *format, ...) {
        unsigned margin = margin_of(screen->view);
        size_t room = screen->view->columns - margin, n;
        char text[LINE_TEXT_MAX];
        bool cut;
        va_list ap;

        if (screen->row >= screen->view->rows)
                return;

        va_start(ap, format);
        vsnprintf(text, sizeof(text), format, ap);
        va_end(ap);

        n = text_fitting_bytes(text, room);
        cut = n < strlen(text);
        if (cut)
                n = text_fitting_bytes(text, room > 0 ? room - 1 : 0);

        /* The line feed is owed until there is a next line: one after the last row would scroll. */
        if (screen->row++ > 0)
                fputs("\r\n", screen->file);
        fprintf(screen->file, "%*s%s%.*s%s%s\033[K", (int) margin, "", ctl_colour(screen->view->ctl, colour),
                        (int) n, text, cut && room > 0 ? "…" : "", ctl_colour(screen->view->ctl, COLOUR_OFF));
}

static void big_time(Screen *screen, Colour colour, const char *time) {
        for (unsigned row = 0; row < GLYPH_ROWS; row++) {
                char text[LINE_TEXT_MAX] = "", *end = text;

                for (const char *c = time; *c; c++) {
                        const char *glyph = glyphs[*c == ':' ? 10 : *c - '0'][row];

                        if ((size_t) (end - text) + strlen(glyph) + 3 >= sizeof(text))
                                break;
                        end = stpcpy(stpcpy(end, glyph), "  ");
                }
                line(screen, colour, "%s", text);
        }
}

static void bar(Screen *screen, Colour colour, uint64_t elapsed, uint64_t remaining) {
        unsigned width = screen->view->columns > BAR_COLUMNS + 2 * MARGIN ? BAR_COLUMNS
                                                                          : screen->view->columns;
        uint64_t total = elapsed + remaining;
        unsigned full = total > 0 ? (unsigned) (elapsed * width / total) : 0;
        char text[LINE_TEXT_MAX] = "", *end = text;

        for (unsigned i = 0; i < width && i < LINE_TEXT_MAX / 4; i++)
                end = stpcpy(end, i < full ? "█" : "░");
        line(screen, colour, "%s", text);
}

static void dots(const WatchView *view, char *buf, size_t n) {
        char *end = buf;

        if (view->long_break_every == 0 || view->long_break_every > DOTS_MAX) {
                snprintf(buf, n, "cycle %" PRIu32, view->timer->cycle);
                return;
        }

        for (uint32_t i = 0; i < view->long_break_every; i++)
                end = stpcpy(end, i < view->timer->cycle ? "●" : "○");
}

static void clock_of(uint64_t realtime_usec, const char *before, char *buf, size_t n) {
        time_t t = (time_t) (realtime_usec / USEC_PER_SEC);
        struct tm tm;

        buf[0] = '\0';
        if (realtime_usec > 0 && localtime_r(&t, &tm))
                snprintf(buf, n, " · %s %02d:%02d", before, tm.tm_hour, tm.tm_min);
}

static void draw_day(Screen *screen) {
        const TimerState *t = screen->view->timer;
        char cycle[4 * DOTS_MAX + 32], target[24] = "";

        dots(screen->view, cycle, sizeof(cycle));
        if (t->target_today > 0)
                snprintf(target, sizeof(target), " of %" PRIu32, t->target_today);
        line(screen, COLOUR_OFF, "today %" PRIu32 "%s   %s   next %s", t->completed_today, target, cycle,
                        client_state_label(t->next));
}

/* ---- keys ---- */

#define LEGEND_MAX 6u

/* What the keys do now, in the order in which they are shown. The lower the rank, the longer a key stays
 * where there is no room for all. */
typedef struct Legend {
        struct {
                char text[48];
                unsigned rank;
        } keys[LEGEND_MAX];
        unsigned n;
} Legend;

static void legend_add(Legend *legend, unsigned rank, const char *key, const char *does) {
        snprintf(legend->keys[legend->n].text, sizeof(legend->keys[0].text), "%s: %s", key, does);
        legend->keys[legend->n++].rank = rank;
}

bool watch_starts_anyway(const TimerState *timer) {
        return timer->state == CLIENT_IDLE && (strcmp(timer->schedule_state, "off-hours") == 0 ||
                                                              strcmp(timer->schedule_state, "away") == 0);
}

static void legend_of_running(Legend *legend, const WatchView *view) {
        const TimerState *t = view->timer;
        bool freeform = t->state == CLIENT_FREEFORM,
             rest = t->state == CLIENT_SHORT_BREAK || t->state == CLIENT_LONG_BREAK;

        /* Space does the one thing that fits, and another key says the same. */
        if (t->paused)
                legend_add(legend, 0, "space", "resume");
        else if (rest)
                legend_add(legend, 0, "space", "skip");
        else if (freeform)
                legend_add(legend, 0, "space", "stop");
        else
                legend_add(legend, 0, "space", t->can_pause ? "pause" : "interrupted");

        if (!rest && (freeform || t->can_pause || t->paused))
                legend_add(legend, 5, "i", "interrupted");
        if (!rest)
                legend_add(legend, 4, "e", "by others");
        if (freeform && t->can_pause)
                legend_add(legend, 3, "p", "pause");
        if (!rest && (!freeform || t->paused))
                legend_add(legend, 1, "x", "stop");
}

static Legend legend_make(const WatchView *view) {
        const TimerState *t = view->timer;
        Legend legend = {};

        if (!t)
                legend_add(&legend, 0, "space", "start pomod");
        else if (watch_starts_anyway(t))
                legend_add(&legend, 0, "a", "start anyway");
        else if (t->state == CLIENT_IDLE) {
                char start[32];

                snprintf(start, sizeof(start), "start %s", client_state_label(t->next));
                legend_add(&legend, 0, "space", start);
        } else
                legend_of_running(&legend, view);
        legend_add(&legend, 2, "q", "quit");
        return legend;
}

/* Those keys of the legend that have a rank below this one; how many there are. */
static unsigned legend_join(const Legend *legend, unsigned below, char *buf, size_t n) {
        unsigned shown = 0;

        buf[0] = '\0';
        for (unsigned i = 0; i < legend->n; i++)
                if (legend->keys[i].rank < below) {
                        size_t used = strlen(buf);

                        snprintf(buf + used, n - used, "%s%s", shown > 0 ? "   " : "", legend->keys[i].text);
                        shown++;
                }
        return shown;
}

/* A key that would be cut is left out. */
static void draw_keys(Screen *screen) {
        Legend legend = legend_make(screen->view);
        size_t room = screen->view->columns - margin_of(screen->view);
        char text[LEGEND_MAX * 52];

        if (!screen->view->keys)
                return;
        for (unsigned below = LEGEND_MAX; below > 0; below--)
                if (legend_join(&legend, below, text, sizeof(text)) > 0 && text_width(text) <= room) {
                        line(screen, COLOUR_DIM, "%s", text);
                        return;
                }
}

/* ---- the timer ---- */

static void draw_schedule(Screen *screen) {
        cleanup_free_ char *text = format_schedule(screen->view->timer, screen->view->until ?: "");

        if (*text)
                line(screen, COLOUR_OFF, "%s", text);
}

static void draw_not_enforced(Screen *screen) {
        cleanup_free_ char *text = memory_safe_text(screen->view->timer->not_enforced ?: "");

        if (*text)
                line(screen, COLOUR_WRONG, "not enforced: %s", text);
}

static void draw_timer(Screen *screen, bool big) {
        const WatchView *view = screen->view;
        const TimerState *t = view->timer;
        uint64_t remaining = timer_state_remaining_usec(t, view->now_boot_usec),
                 elapsed = timer_state_elapsed_usec(t, view->now_boot_usec);
        bool idle = t->state == CLIENT_IDLE,
             rest = t->state == CLIENT_SHORT_BREAK || t->state == CLIENT_LONG_BREAK;
        Colour colour = t->paused ? COLOUR_WRONG : idle ? COLOUR_BOLD : rest ? COLOUR_REST : COLOUR_WORK;
        char time[DURATION_TEXT_MAX] = "", edge[64] = "";
        cleanup_free_ char *task = memory_safe_text(t->task);

        if (!idle && remaining != UINT64_MAX)
                duration_format_clock(remaining, time);
        else if (!idle)
                duration_format_clock(elapsed - elapsed % USEC_PER_SEC, time);
        if (!t->paused && t->deadline_real_usec > 0)
                clock_of(t->deadline_real_usec, "until", edge, sizeof(edge));
        else
                clock_of(idle ? 0 : t->started_real_usec, "since", edge, sizeof(edge));

        if (big && !idle) {
                line(screen, COLOUR_OFF, " ");
                line(screen, colour, "%s%s%s", client_state_label(t->state), t->paused ? ", paused" : "",
                                edge);
                line(screen, COLOUR_OFF, " ");
                big_time(screen, colour, time);
                line(screen, COLOUR_OFF, " ");
        } else
                line(screen, colour, "%s%s%s%s%s", time, *time ? " " : "", client_state_label(t->state),
                                t->paused ? ", paused" : "", edge);

        if (!idle && remaining != UINT64_MAX)
                bar(screen, colour, elapsed, remaining);
        if (*task)
                line(screen, COLOUR_BOLD, "%s #%" PRIu64, task, t->task_id);
        if (big)
                line(screen, COLOUR_OFF, " ");
        draw_day(screen);
        if (view->rows < SCHEDULE_ROWS)
                return;
        draw_schedule(screen);
        draw_not_enforced(screen);
}

void watch_draw(FILE *file, const WatchView *view) {
        Screen screen = { .file = file, .view = view };
        bool big = view->columns >= BIG_COLUMNS && view->rows >= BIG_ROWS;

        fputs("\033[H", file);
        if (view->timer)
                draw_timer(&screen, big);
        else
                line(&screen, COLOUR_WRONG, "pomod is away; waiting for it");

        if (view->message && *view->message) {
                cleanup_free_ char *message = memory_safe_text(view->message);

                line(&screen, COLOUR_WRONG, "%s", message);
        } else if (big)
                line(&screen, COLOUR_OFF, " ");
        draw_keys(&screen);
        fputs("\033[J", file);
}

uint64_t watch_next_usec(const TimerState *timer, uint64_t now_boot_usec) {
        uint64_t remaining, elapsed;

        if (timer->state == CLIENT_IDLE || timer->paused)
                return UINT64_MAX;

        remaining = timer_state_remaining_usec(timer, now_boot_usec);
        if (remaining == 0)
                return UINT64_MAX; /* it rang: the daemon will say what is next */
        if (remaining != UINT64_MAX)
                return (remaining - 1) % USEC_PER_SEC + 1; /* shown rounded up */

        elapsed = timer_state_elapsed_usec(timer, now_boot_usec);
        return USEC_PER_SEC - elapsed % USEC_PER_SEC;
}
