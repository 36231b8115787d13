/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "tests/unit/engine/fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/store/store.h"
#include "tests/unit/folder.h"

static int account(void *userdata, uid_t uid, char **ret_name) {
        const Fixture *f = userdata;

        if (uid == 4242)
                return -ENOENT;
        if (f->owner_error != 0)
                return f->owner_error;
        *ret_name = f->owner ? g_strdup(f->owner) : g_strdup_printf("user%u", uid);
        return 0;
}

static int look(void *userdata, uid_t uid) {
        Fixture *f = userdata;

        f->looks++;
        return f->owner_is_asked ? 0 : 1;
}

static void note_account(uid_t uid, void *userdata) {
        Fixture *f = userdata;

        f->answered++;
}

static int note_backup(void *userdata, const BackupJob *job) {
        Fixture *f = userdata;

        if (job->kind == BACKUP_RESTORE)
                f->restores++;
        else
                f->backups++;
        return 0;
}

static void listen_to(
                User *user, unsigned changed, const EngineEvent *events, unsigned n_events, void *userdata) {
        Fixture *f = userdata;
        TimerSnapshot timer;

        f->calls++;
        f->changed |= changed;
        for (unsigned i = 0; i < n_events; i++) {
                if (f->n_told == TOLD_MAX)
                        break;
                if (f->n_told > 0 && !f->many_users)
                        g_assert_cmpuint(events[i].seq, >=, f->told[f->n_told - 1].seq);
                f->told[f->n_told++] = events[i];
        }
        /* As the bus does. What is told and what is read must agree. */
        user_read_timer(user, &timer);
        if (n_events > 0)
                g_assert_cmpuint(timer.seq, ==, events[n_events - 1].seq);
        f->completed_when_told = timer.completed_today;
}

void fixture_init(Fixture *f) {
        *f = (Fixture){
                .uid = 1000,
                .now = {
                        .boot_usec = START_BOOT_USEC,
                        .mono_usec = START_BOOT_USEC,
                        .real_usec = START_REAL_USEC,
                        .boot_id = BOOT_1,
                },
        };
        f->dir = folder_new();
}

void fixture_done(Fixture *f) {
        fixture_stop(f);
        folder_free(f->dir);
}

void fixture_host(Fixture *f, const char *plugin, const char *connection) {
        PluginHost host = { .connection = connection, .version = "1", .pid = 1 };

        g_strlcpy(host.plugin, plugin, sizeof(host.plugin));
        g_assert_cmpint(engine_hosts_add(f->engine, &host, &f->refusal), ==, 0);
}

void fixture_engage(Fixture *f) {
        static const char deep[] = "[Profile deep]\nPlugins=sites;mute\nsites.Block=reddit.com\n";
        const Request request = { .type = REQUEST_FOCUS_ENGAGE, .name = "deep", .for_usec = MIN_USEC(600) };
        Answer answer;

        g_assert_cmpint(fixture_request(f, &(Request){ .type = REQUEST_RULES_IMPORT, .text = deep }, NULL),
                        ==, 0);
        g_assert_cmpint(fixture_request(f, &request, &answer), ==, 0);
}

static void attend(Fixture *f) {
        for (const char *const *plugin = f->attended; plugin && *plugin; plugin++)
                fixture_host(f, *plugin, ":1.1");
}

static bool is_felt(void *userdata, const char *plugin, const char *key) {
        return strcmp(plugin, "sites") == 0;
}

static bool is_category(void *userdata, const char *name) {
        return strcmp(name, "social") == 0;
}

static bool is_granted_all(void *userdata, const char *account) {
        return ((const Fixture *) userdata)->grants_all;
}

int fixture_start(Fixture *f) {
        EngineConfig config = {
                .state_dir = f->dir,
                .many_users = f->many_users,
                .single_uid = f->uid,
                .uid_min = 1000,
                .account_name = account,
                .account_look = look,
                .spawn_backup = note_backup,
                .is_felt = f->consents ? is_felt : NULL,
                .is_category = is_category,
                .is_granted_all = is_granted_all,
                .userdata = f,
        };
        int r;

        g_assert_cmpint(test_clocks_new(&f->now, &f->clocks), ==, 0);
        config.clocks = test_clocks_base(f->clocks);
        f->engine = engine_new(&config);
        engine_set_listener(f->engine, listen_to, f);
        engine_set_account_listener(f->engine, note_account, f);
        r = engine_start(f->engine);
        if (r < 0)
                fixture_stop(f);
        else
                attend(f);
        return r;
}

void fixture_attend(Fixture *f, const char *const *plugins) {
        f->attended = plugins;
        attend(f);
}

void fixture_begin(Fixture *f) {
        fixture_init(f);
        g_assert_cmpint(fixture_start(f), ==, 0);
}

void fixture_stop(Fixture *f) {
        if (!f->engine)
                return;
        f->now = *test_clocks_get(f->clocks);
        f->engine = engine_free(f->engine);
        f->clocks = NULL;
}

void fixture_crash(Fixture *f, void (*live)(Fixture *f)) {
        int fds[2], status;
        pid_t pid;

        g_assert_null(f->engine);
        g_assert_cmpint(pipe(fds), ==, 0);
        pid = fork();
        g_assert_cmpint(pid, >=, 0);
        if (pid == 0) {
                g_assert_cmpint(fixture_start(f), ==, 0);
                live(f);
                f->now = *test_clocks_get(f->clocks);
                _exit(write(fds[1], &f->now, sizeof(f->now)) != sizeof(f->now));
        }
        close(fds[1]);
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        g_assert_cmpint(status, ==, 0);
        g_assert_cmpint(read(fds[0], &f->now, sizeof(f->now)), ==, sizeof(f->now));
        close(fds[0]);
}

int fixture_request(Fixture *f, const Request *request, Answer *ret_answer) {
        return fixture_in(f, user_request(user, request, ret_answer, &f->refusal));
}

static void note_restored(int result, const Refusal *refusal, const char *kept, void *userdata) {
        Fixture *f = userdata;

        if (result > 0)
                f->refusal = *refusal;
        f->restored = result;
}

int fixture_restore_begin(Fixture *f, const char *name) {
        const Request request = { .type = REQUEST_RESTORE, .name = name };

        f->restored = 1000;
        return fixture_in(f, user_request_restore(user, &request, note_restored, f, &f->refusal));
}

void fixture_restore_end(Fixture *f, const char *name) {
        int r = store_restore_prepare(f->dir, name, test_clocks_get(f->clocks)->real_usec);

        engine_backup_done(f->engine, f->uid, BACKUP_RESTORE, r, NULL);
}

int fixture_restore(Fixture *f, const char *name) {
        int r = fixture_restore_begin(f, name);

        if (r != 0)
                return r;
        fixture_restore_end(f, name);
        return f->restored;
}

static void must(Fixture *f, int r) {
        if (r != 0)
                g_error("refused with %d: %s", r, f->refusal.message);
}

int64_t fixture_start_interval(Fixture *f, IntervalKind kind, uint64_t planned_usec, const char *title) {
        Request request = {
                .type = REQUEST_TIMER,
                .event = { .type = EVENT_START, .kind = kind, .planned_usec = planned_usec },
                .task_title = title,
        };
        Answer answer;

        must(f, fixture_request(f, &request, &answer));
        return answer.id;
}

void fixture_event(Fixture *f, EventType type) {
        must(f, fixture_request(f, &(Request){ .type = REQUEST_TIMER, .event.type = type }, NULL));
}

void fixture_set(Fixture *f, const char *name, const char *text) {
        must(f, fixture_request(f, &(Request){ .type = REQUEST_SETTING_SET, .name = name, .text = text },
                                NULL));
}

int64_t fixture_add(Fixture *f, int64_t started_min, int64_t ended_min, const char *title) {
        const uint64_t now = test_clocks_get(f->clocks)->real_usec;
        Request request = {
                .type = REQUEST_LOG_ADD,
                .log = {
                        .has_started = true,
                        .has_ended = true,
                        .started_real_usec = now + (uint64_t) (started_min * 60000000),
                        .ended_real_usec = now + (uint64_t) (ended_min * 60000000),
                },
                .task_title = title,
        };
        Answer answer = {};

        if (fixture_request(f, &request, &answer) != 0)
                return 0;
        return answer.id;
}

TimerSnapshot fixture_timer(Fixture *f) {
        TimerSnapshot timer = {};

        must(f, fixture_in(f, (user_read_timer(user, &timer), 0)));
        return timer;
}

Interval fixture_interval(Fixture *f, int64_t id) {
        Interval interval = {};

        must(f, fixture_in(f, user_read_interval(user, id, &interval, &f->refusal)));
        return interval;
}

static int count_intervals(User *user, unsigned *ret_n) {
        const LogQuery query = { .span = { 0, INT64_MAX } };
        cleanup_(user_read_end) Reading reading = {};
        Interval interval;
        int r = user_read_intervals(user, &query, &reading);

        for (*ret_n = 0; r == 0 && (r = user_read_next_interval(&reading, &interval)) > 0; r = 0) {
                *ret_n += r != READING_HIDDEN;
                interval_done(&interval);
        }
        return r;
}

unsigned fixture_count(Fixture *f) {
        unsigned n = 0;

        must(f, fixture_in(f, count_intervals(user, &n)));
        return n;
}

static int count_tasks(User *user, unsigned *ret_n) {
        const TaskQuery query = { .include_done = true };
        cleanup_(user_read_end) Reading reading = {};
        Task task;
        int r = user_read_tasks(user, &query, &reading);

        for (*ret_n = 0; r == 0 && (r = user_read_next_task(&reading, &task)) > 0; r = 0, (*ret_n)++)
                task_done(&task);
        return r;
}

unsigned fixture_count_tasks(Fixture *f) {
        unsigned n = 0;

        must(f, fixture_in(f, count_tasks(user, &n)));
        return n;
}

unsigned fixture_told(const Fixture *f, HappeningType type) {
        unsigned n = 0;

        for (unsigned i = 0; i < f->n_told; i++)
                n += f->told[i].happening.type == type;
        return n;
}

const Happening *fixture_last(const Fixture *f) {
        g_assert_cmpuint(f->n_told, >, 0);
        return &f->told[f->n_told - 1].happening;
}

static DiskFault disk_fault;
static unsigned disk_calls;

static bool fails(unsigned call) {
        if (!(disk_fault.calls & call))
                return false;
        disk_calls++;
        if (disk_calls != disk_fault.at && !(disk_fault.on && disk_calls > disk_fault.at))
                return false;
        errno = disk_fault.error;
        return true;
}

/* SQLite's way to the disk, as it finds these before the library's. */
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t offset) {
        return fails(DISK_WRITE) ? -1 : syscall(SYS_pwrite64, fd, bytes, n, offset);
}

/* A process that is gone leaves what it wrote all the same, and only a power cut would tell. */
int fdatasync(int fd) {
        return fails(DISK_SYNC) ? -1 : 0;
}

int fsync(int fd) {
        return 0;
}

int open64(const char *path, int flags, ...) {
        mode_t mode = 0;
        va_list args;

        va_start(args, flags);
        if (flags & (O_CREAT | O_TMPFILE))
                mode = va_arg(args, mode_t);
        va_end(args);
        if (strstr(path, "pomod.db") && fails(DISK_OPEN))
                return -1;
        return (int) syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

void disk_fail(const DiskFault *fault) {
        disk_fault = *fault;
        disk_calls = 0;
}

bool disk_has_failed(void) {
        return disk_fault.at > 0 && disk_calls >= disk_fault.at;
}

void disk_full(void) {
        disk_fail(&(DiskFault){ .calls = DISK_WRITE, .at = 1, .on = true, .error = ENOSPC });
}

void disk_free(void) {
        disk_fail(&(DiskFault){});
}

/* ---- days by rules ---- */

void ruled_import(Fixture *f, const char *text) {
        Request request = { .type = REQUEST_RULES_IMPORT, .text = text, .replace = true };

        if (fixture_request(f, &request, NULL) != 0)
                g_error("refused: %s", f->refusal.message);
}

void ruled_begin(Fixture *f, const char *rules) {
        fixture_begin(f);
        fixture_set(f, "time-zone", BERLIN);
        ruled_import(f, rules);
        f->n_told = 0;
}

uint64_t boot_now(Fixture *f) {
        return test_clocks_get(f->clocks)->boot_usec;
}

void assert_armed_in(Fixture *f, uint64_t usec) {
        g_assert_cmpuint(test_clocks_armed(f->clocks), ==, boot_now(f) + usec);
}

void assert_shown(Fixture *f, const char *state, const char *rule, IntervalKind mode) {
        TimerSnapshot timer = fixture_timer(f);

        g_assert_cmpstr(timer.schedule_state, ==, state);
        g_assert_cmpstr(timer.rule, ==, rule);
        g_assert_cmpint(timer.mode, ==, mode);
}
