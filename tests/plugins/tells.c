/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * A plugin that behaves, and writes a line for each thing that it is told into $POMOD_TEST_WORLD/tells.log.
 * What it does on top is in the setting do of a claim, the first time that it is given:
 *
 *     later       apply() ends by done(), 0.2 s later
 *     fail        apply() fails once
 *     look        look_again()
 *     run         a program, whose environment and input are written down; slow: one that its timeout ends
 *     act:WORDS   act() with these words, blanks between
 */
#define BAD_NAME "tells"
#include "tests/plugins/bad/frame.h"

#include <time.h>

static bool failed;
static char done_before[1024];

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...) {
        char path[PATH_MAX];
        va_list arguments;
        FILE *file;

        if (frame_path(path, ".log") < 0 || !(file = fopen(path, "ae")))
                return;
        va_start(arguments, format);
        vfprintf(file, format, arguments);
        va_end(arguments);
        fputc('\n', file);
        fclose(file);
}

static uint64_t now_usec(void) {
        struct timespec now;

        clock_gettime(CLOCK_BOOTTIME, &now);
        return (uint64_t) now.tv_sec * 1000000 + (uint64_t) now.tv_nsec / 1000;
}

static void on_run(int status, void *data) {
        (void) data;
        tell("ran %d", status);
}

static void run(const char *script, uint64_t timeout_usec) {
        const char *const argv[] = { "/bin/sh", "-c", script, NULL };
        char path[PATH_MAX];
        PomoRun what = {
                .size = sizeof(PomoRun), .argv = argv, .input_fd = -1, .timeout_usec = timeout_usec
        };
        int r;

        frame_path(path, ".out");
        what.output_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        r = frame.calls->run(frame.host, &what, on_run, NULL, NULL);
        close(what.output_fd);
        if (r < 0)
                tell("run %d", r);
}

static void on_act(int result, const char *sentence, void *data) {
        (void) data;
        tell("acted %d %s", result, sentence ? sentence : "");
}

static void act(const char *text) {
        char copy[256], *words[16], *rest = copy;
        size_t n = 0;
        int r;

        snprintf(copy, sizeof(copy), "%s", text);
        while (n < 15 && (words[n] = strsep(&rest, " ")))
                n++;
        words[n] = NULL;
        r = frame.calls->act(frame.host, (const char *const *) words, 0, on_act, NULL, NULL);
        if (r < 0)
                tell("act %d", r);
}

static void on_done(void *data) {
        tell("done");
        frame.calls->done(frame.host, (uint64_t) (uintptr_t) data, POMO_DONE);
}

/* What is new of a claim. Its result. */
static int obey(const char *text, uint64_t generation) {
        if (strcmp(text, "fail") == 0 && !failed) {
                failed = true;
                frame.calls->explain(frame.host, "told to fail");
                return -EIO;
        }
        if (strcmp(done_before, text) == 0)
                return POMO_DONE;
        snprintf(done_before, sizeof(done_before), "%s", text);
        if (strcmp(text, "later") == 0) {
                frame.calls->at(frame.host, now_usec() + 200000, on_done, (void *) (uintptr_t) generation,
                                NULL);
                return POMO_LATER;
        }
        if (strcmp(text, "run") == 0)
                run("cat; env; ulimit -d; ulimit -n; ls /proc/self/fd", 0);
        if (strcmp(text, "slow") == 0)
                run("trap '' TERM; while :; do sleep 1; done", 300000);
        if (strncmp(text, "act:", 4) == 0)
                act(text + 4);
        if (strcmp(text, "look") == 0)
                frame.calls->look_again(frame.host);
        return POMO_DONE;
}

static int tells_apply(void *state, const PomoDesired *desired) {
        int r = frame_apply(state, desired);

        tell("apply %u %u %zu", desired->reason, desired->flags, desired->n_claims);
        for (const PomoClaim *const *claim = desired->claims; r == POMO_DONE && *claim; claim++)
                for (const PomoValue *const *value = (*claim)->values; r == POMO_DONE && *value; value++)
                        if (strcmp((*value)->key, "do") == 0)
                                r = obey((*value)->text, desired->generation);
        return r;
}

static void tells_event(void *state, const PomoEvent *event) {
        (void) state;
        tell("event %s %s", event->kind, event->json);
}

static void tells_close(void *state) {
        (void) state;
        tell("close");
}

static int tells_probe(PomoHost *host, const PomoHostCalls *calls, const char *subject,
                const PomoDesired *desired, PomoFindingFunc func, void *data) {
        char sentence[256];

        snprintf(sentence, sizeof(sentence), "save() is %d", calls->save(host, "before", "", 0));
        func(subject, desired->n_claims > 0 ? POMO_BLOCKED : POMO_OPEN, sentence, data);
        return POMO_DONE;
}

#define BAD_APPLY tells_apply
#define BAD_EVENT tells_event
#define BAD_CLOSE tells_close
#define BAD_PROBE tells_probe
#define BAD_SETTINGS                                                                                  \
        { .size = sizeof(PomoSetting),                                                                \
                .key = "hold",                                                                        \
                .sentence = "the names that are held",                                                \
                .type = POMO_NAMES },                                                                 \
        {                                                                                             \
                .size = sizeof(PomoSetting), .key = "do", .sentence = "what to do", .type = POMO_TEXT \
        }
#include "tests/plugins/bad/table.h"
