/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/run.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "common/category.h"
#include "common/cleanup.h"
#include "common/paths.h"
#include "daemon/account-lookup.h"
#include "daemon/accounts.h"
#include "daemon/arguments.h"
#include "daemon/backup-child.h"
#include "daemon/bus/bus.h"
#include "daemon/bus/plugin-files.h"
#include "daemon/conf.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/journal.h"
#include "daemon/last-run.h"

#define EXIT_USAGE    2
#define UID_MIN_USUAL 1000

typedef struct Program {
        sd_event *event;
        BackupChildren *backups;
        Accounts *accounts;
        Engine *engine;
        Bus *bus;
        char *state_dir;
        char *plugin_dirs[4]; /* NULL at the end */
        char *category_dir;
        PluginFiles *plugin_files;
        Conf *conf;
        bool many_users;
} Program;

/* In this order: those who wait for a backup are answered on the bus, which speaks for the engine; the engine
 * asks for accounts. */
static void program_done(Program *program) {
        if (program->engine)
                engine_backup_cancel(program->engine);
        bus_free(program->bus);
        engine_free(program->engine);
        backup_children_free(program->backups);
        accounts_free(program->accounts);
        plugin_files_free(program->plugin_files);
        conf_free(program->conf);
        sd_event_unref(program->event);
        free(program->state_dir);
        for (char **dir = program->plugin_dirs; *dir; dir++)
                free(*dir);
        free(program->category_dir);
}

/* Given as from here; sentences and a child that makes a backup need it whole. */
static int make_absolute(const char *dir, char **ret_dir) {
        cleanup_free_ char *here = NULL;

        if (dir[0] == '/') {
                *ret_dir = g_strdup(dir);
                return 0;
        }
        here = getcwd(NULL, 0);
        if (!here)
                return -errno;
        *ret_dir = g_strdup_printf("%s/%s", here, dir);
        return 0;
}

static int find_state_dir(const PomodArguments *arguments, char **ret_dir) {
        const char *dir = getenv("STATE_DIRECTORY");

        if (arguments->state_dir)
                return make_absolute(arguments->state_dir, ret_dir);
        if (strcmp(arguments->bus, "system") != 0)
                return path_state_home(ret_dir);
        /* systemd separates several folders with colons; ours is the first. */
        *ret_dir = dir && dir[0] == '/' ? g_strndup(dir, strcspn(dir, ":")) : g_strdup("/var/lib/pomod");
        return 0;
}

/* Beside this program as it lies now, where it was meant to be, and the user's own. What cannot be said is
 * left out. */
static void find_plugin_dirs(Program *program) {
        cleanup_free_ char *data = NULL;
        char **dir = program->plugin_dirs;

        if (path_from_program(POMOD_PLUGIN_DIR_FROM_BIN, dir) == 0)
                dir++;
        *dir++ = g_strdup(POMOD_PLUGIN_DIR);
        if (!program->many_users && path_data_home(&data) == 0)
                *dir = g_strdup_printf("%s/plugins", data);
}

/* The first uid of people, from the file that useradd reads. */
static uid_t read_uid_min(void) {
        unsigned uid_min = UID_MIN_USUAL, value;
        char line[256];
        FILE *file;

        file = fopen("/etc/login.defs", "re");
        if (!file)
                return uid_min;
        while (fgets(line, sizeof(line), file))
                if (sscanf(line, " UID_MIN %u", &value) == 1)
                        uid_min = value;
        fclose(file);
        return uid_min;
}

static void on_backup_done(void *userdata, uid_t uid, BackupKind kind, int result, const char *name) {
        Program *program = userdata;

        if (program->engine)
                engine_backup_done(program->engine, uid, kind, result, name);
}

static int spawn_backup(void *userdata, const BackupJob *job) {
        Program *program = userdata;

        return backup_children_add(program->backups, job);
}

static void on_account_answered(void *userdata, uid_t uid) {
        Program *program = userdata;

        if (program->engine)
                engine_account_answered(program->engine, uid);
}

static int account_name(void *userdata, uid_t uid, char **ret_name) {
        Program *program = userdata;

        return accounts_name(program->accounts, uid, ret_name);
}

static int account_look(void *userdata, uid_t uid) {
        Program *program = userdata;

        return accounts_look(program->accounts, uid);
}

static bool is_felt(void *userdata, const char *plugin, const char *key) {
        const Program *program = userdata;

        return plugin_files_is_felt(program->plugin_files, plugin, key);
}

static bool is_category(void *userdata, const char *name) {
        const Program *program = userdata;

        return program->category_dir && category_exists(program->category_dir, name);
}

static bool is_granted_all(void *userdata, const char *account) {
        const Program *program = userdata;

        return conf_blocks_for_everyone(program->conf, account);
}

static void read_conf(Program *program) {
        cleanup_free_ char *mistake = conf_read(program->conf);

        if (mistake)
                journal_warning("%s.", mistake);
        else if (program->bus)
                journal_info("Who may block for everyone without being asked was read anew from %s.",
                                CONF_PATH);
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *si, void *userdata) {
        Program *program = userdata;

        if (program->many_users)
                read_conf(program);
        return 0;
}

static int prepare_loop(Program *program) {
        sigset_t handled;
        int r;

        sigemptyset(&handled);
        sigaddset(&handled, SIGTERM);
        sigaddset(&handled, SIGINT);
        sigaddset(&handled, SIGCHLD);
        sigaddset(&handled, SIGHUP);
        sigprocmask(SIG_BLOCK, &handled, NULL);
        signal(SIGPIPE, SIG_IGN);

        r = sd_event_default(&program->event);
        if (r < 0)
                return r;
        /* Without a handler the loop is left with 0. */
        r = sd_event_add_signal(program->event, NULL, SIGTERM, NULL, NULL);
        if (r >= 0)
                r = sd_event_add_signal(program->event, NULL, SIGINT, NULL, NULL);
        if (r >= 0)
                r = sd_event_add_signal(program->event, NULL, SIGHUP, on_reload, program);
        if (r >= 0)
                r = sd_event_set_watchdog(program->event, true);
        if (r < 0)
                return r;
        program->backups = backup_children_new(program->event, on_backup_done, program);
        program->accounts = accounts_new(program->event, on_account_answered, program);
        return 0;
}

static int start_engine(Program *program, ClocksFactory make_clocks, void *userdata) {
        Clocks *clocks;
        EngineConfig config;
        int r;

        r = make_clocks(program->event, userdata, &clocks);
        if (r < 0)
                return r;
        config = (EngineConfig){
                .clocks = clocks,
                .state_dir = program->state_dir,
                .many_users = program->many_users,
                .single_uid = getuid(),
                .uid_min = read_uid_min(),
                .account_name = account_name,
                .account_look = account_look,
                .spawn_backup = spawn_backup,
                .is_felt = program->many_users ? is_felt : NULL,
                .is_category = is_category,
                .is_granted_all = is_granted_all,
                .userdata = program,
        };
        program->engine = engine_new(&config);
        return engine_start(program->engine);
}

/* 0 to go on; positive where it is told to end meanwhile. */
static int wait_after_failures(const Program *program, const char *runtime_dir) {
        uint64_t wait_usec = 0;
        sigset_t ending;
        Now now;
        int r;

        r = engine_get_now(program->engine, &now);
        if (r >= 0)
                r = last_run_begin(runtime_dir, &now, &wait_usec);
        if (r < 0 || wait_usec == 0)
                return 0;
        journal_warning("pomod ended badly shortly before, so it waits %" PRIu64
                        " ms before it serves anybody.",
                        wait_usec / 1000);
        sigemptyset(&ending);
        sigaddset(&ending, SIGTERM);
        sigaddset(&ending, SIGINT);
        return sigtimedwait(&ending, NULL,
                               &(struct timespec){ (time_t) (wait_usec / 1000000),
                                               (long) (wait_usec % 1000000 * 1000) }) > 0;
}

static void say_why_no_engine(const Program *program, int error) {
        const char *dir = program->state_dir;

        switch (-error) {
        case EBUSY:
                journal_error("Another pomod is already running with the state in %s.", dir);
                break;
        case EOVERFLOW:
                journal_error("The store in %s was written by a newer pomod; install that version again, or give another --state-dir.",
                                dir);
                break;
        case EPERM:
                journal_error("%s belongs to someone else; give it to the account that runs pomod, or give another --state-dir.",
                                dir);
                break;
        case EACCES:
        case EROFS:
                journal_error("The store in %s cannot be written; make it writable, or give another --state-dir.",
                                dir);
                break;
        case ENOTDIR:
                journal_error("%s is not a folder; give another --state-dir.", dir);
                break;
        default:
                journal_error("pomod could not start with the state in %s: %s.", dir, strerror(-error));
        }
}

static void say_why_no_bus(const char *address, int error) {
        switch (-error) {
        case EEXIST:
                journal_error("Another pomod is already running on this bus (%s).", address);
                break;
        case EACCES:
        case EPERM:
                journal_error("The bus %s does not let this account have the name of pomod; install its policy, or use --bus=session.",
                                address);
                break;
        default:
                journal_error("The bus %s cannot be used: %s.", address, strerror(-error));
        }
}

/* What is installed, and what root has configured. */
static void look_around(Program *program) {
        find_plugin_dirs(program);
        program->plugin_files = plugin_files_new(program->plugin_dirs);
        /* Without a folder there are no categories, and whoever names one is told so. */
        (void) category_find_dir(&program->category_dir);
        program->conf = conf_new(CONF_PATH, "/etc/passwd", "/etc/group");
        if (program->many_users)
                read_conf(program);
}

static int run(Program *program, const PomodArguments *arguments, ClocksFactory make_clocks, void *userdata) {
        /* Set by a supervisor that starts pomod again whenever it ends. */
        const char *runtime_dir = getenv("RUNTIME_DIRECTORY");
        BusConfig bus;
        int r;

        r = find_state_dir(arguments, &program->state_dir);
        if (r == -ENOENT && !arguments->state_dir) {
                journal_error("There is no folder for the state: set HOME, or give --state-dir.");
                return EXIT_FAILURE;
        }
        if (r >= 0)
                r = prepare_loop(program);
        if (r < 0) {
                journal_error("pomod could not start: %s.", strerror(-r));
                return EXIT_FAILURE;
        }
        program->many_users = strcmp(arguments->bus, "system") == 0;
        look_around(program);
        r = start_engine(program, make_clocks, userdata);
        if (r < 0) {
                say_why_no_engine(program, r);
                return EXIT_FAILURE;
        }
        if (runtime_dir && wait_after_failures(program, runtime_dir) > 0) {
                last_run_end(runtime_dir);
                return EXIT_SUCCESS;
        }

        bus = (BusConfig){
                .event = program->event,
                .engine = program->engine,
                .address = arguments->bus,
                .many_users = program->many_users,
                .plugin_files = program->plugin_files,
                .category_dir = program->category_dir,
        };
        program->bus = bus_new(&bus);
        r = bus_start(program->bus);
        if (r < 0) {
                say_why_no_bus(arguments->bus, r);
                return EXIT_FAILURE;
        }

        (void) sd_notify(false, "READY=1");
        r = sd_event_loop(program->event);
        (void) sd_notify(false, "STOPPING=1");
        if (r < 0) {
                journal_error("The loop failed: %s.", strerror(-r));
                return EXIT_FAILURE;
        }
        if (runtime_dir)
                last_run_end(runtime_dir);
        return r;
}

int pomod_run(int argc, char **argv, ClocksFactory make_clocks, void *userdata) {
        Program program = {};
        PomodArguments arguments;
        int r;

        /* Whatever is made here is its owner's alone. */
        umask(077);
        r = arguments_parse(argc, argv, &arguments);
        if (r <= 0)
                return r < 0 ? EXIT_USAGE : EXIT_SUCCESS;
        if (arguments.backup_of)
                return backup_child_main(&(BackupJob){
                                .kind = arguments.restore   ? BACKUP_RESTORE
                                        : arguments.by_hand ? BACKUP_BY_HAND
                                                            : BACKUP_BY_TIME,
                                .folder = arguments.backup_of,
                                .name = arguments.restore,
                });
        if (arguments.account)
                return account_lookup_main(arguments.account);
        r = run(&program, &arguments, make_clocks, userdata);
        program_done(&program);
        return r;
}
