/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/watch-screen.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "common/duration.h"
#include "common/text.h"

#define GLYPH_ROWS    5u
#define BIG_COLUMNS   46u /* for "1:02:03" in big figures */
#define BIG_ROWS      16u
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

static void line(Screen *screen, Colour colour, const char *format, ...)
                __attribute__((format(printf, 3, 4)));

static void line(Screen *screen, Colour colour, const char *format, ...) {
        unsigned margin = screen->view->columns > 40 ? MARGIN : 0;
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

static void draw_keys(Screen *screen) {
        const TimerState *t = screen->view->timer;

        if (!screen->view->keys)
                return;
        if (!t)
                line(screen, COLOUR_DIM, "space: start pomod   q: quit");
        else if (t->state == CLIENT_IDLE)
                line(screen, COLOUR_DIM, "space: start %s   q: quit", client_state_label(t->next));
        else if (t->state == CLIENT_SHORT_BREAK || t->state == CLIENT_LONG_BREAK)
                line(screen, COLOUR_DIM, "s: skip   q: quit");
        else
                line(screen, COLOUR_DIM, "i: interrupted   e: by others   p: %s   x: stop   q: quit",
                                t->paused ? "resume" : "pause");
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
        cleanup_free_ char *task = ctl_text(t->task);

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
                cleanup_free_ char *message = ctl_text(view->message);

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
