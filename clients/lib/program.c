/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/lib/program.h"

#include <assert.h>
#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/names.h"

void program_begin(Program *program, const char *name, int argc, char **argv) {
        *program = (Program){ .name = name };
        for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
                program->json = program->json || strcmp(argv[i], "--json") == 0;
}

int program_end(Program *program, int status) {
        if (fflush(stdout) != 0 || ferror(stdout)) {
                program_errno(program, errno != 0 ? -errno : -EIO, "cannot write to standard output");
                status = status ?: CLIENT_EXIT_REFUSED;
        }
        program->client = client_unref(program->client);
        return status;
}

int program_number(const char *text, uint64_t max, uint64_t *ret_number) {
        uint64_t number;

        if (!*text || text[strspn(text, "0123456789")] != '\0')
                return -EINVAL;
        errno = 0;
        number = strtoull(text, NULL, 10);
        if (errno != 0 || number > max)
                return -EINVAL;
        *ret_number = number;
        return 0;
}

int program_set_user(Program *program, const char *user) {
        const struct passwd *account;
        uint64_t uid;

        assert(!program->client);
        if (program_number(user, UINT64_MAX, &uid) < 0 || uid >= UINT32_MAX) {
                if (*user && user[strspn(user, "0123456789")] == '\0')
                        return program_usage(program, "--user=%.64s is no uid", user);
                account = getpwnam(user);
                if (!account)
                        return program_usage(program, "--user=%.64s: there is no such account here", user);
                uid = account->pw_uid;
        }

        program->uid = (uint32_t) uid;
        program->other_user = true;
        return 0;
}

void program_open(Program *program, ClientFlags flags) {
        assert(!program->client);
        program->client = client_new(program->bus, flags);
        if (program->other_user)
                client_set_uid(program->client, program->uid);
}

int program_catch(sd_event *event, const int *signals, sd_event_signal_handler_t handler, void *userdata) {
        sigset_t set;
        int r = 0;

        sigemptyset(&set);
        for (const int *s = signals; *s; s++)
                sigaddset(&set, *s);
        if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
                return -errno;
        for (; r >= 0 && *signals; signals++)
                r = sd_event_add_signal(event, NULL, *signals, handler, userdata);
        return r;
}

/* ---- errors ---- */

static void print_json_text(const char *text) {
        static const char letters[] = "\b\f\n\r\t\"\\", escapes[] = "bfnrt\"\\";

        fputc('"', stderr);
        for (; *text; text++) {
                const char *letter = strchr(letters, *text);

                if (letter)
                        fprintf(stderr, "\\%c", escapes[letter - letters]);
                else if ((unsigned char) *text < ' ')
                        fprintf(stderr, "\\u%04x", (unsigned) *text);
                else
                        fputc(*text, stderr);
        }
        fputc('"', stderr);
}

void program_error(const Program *program, const char *error, const char *message) {
        if (program->json) {
                fputs("{\"error\":", stderr);
                print_json_text(error);
                fputs(",\"message\":", stderr);
                print_json_text(message);
                fputs("}\n", stderr);
        } else {
                cleanup_free_ char *safe = memory_safe_text(message);

                fprintf(stderr, "%s: %s\n", program->name, safe);
        }
}

void program_warn(const Program *program, const char *sentence) {
        if (program->json) {
                fputs("{\"warning\":", stderr);
                print_json_text(sentence);
                fputs("}\n", stderr);
        } else {
                cleanup_free_ char *safe = memory_safe_text(sentence);

                fprintf(stderr, "%s: warning: %s\n", program->name, safe);
        }
}

int program_usage_va(const Program *program, const char *format, va_list ap) {
        cleanup_free_ char *message = memory_format_va(format, ap);

        program_error(program, POMOD_ERROR_PREFIX "InvalidArgument", message);
        return CLIENT_EXIT_USAGE;
}

int program_usage(const Program *program, const char *format, ...) {
        va_list ap;
        int r;

        va_start(ap, format);
        r = program_usage_va(program, format, ap);
        va_end(ap);
        return r;
}

int program_refused(const Program *program, const char *sentence) {
        program_error(program, SD_BUS_ERROR_FAILED, sentence);
        return CLIENT_EXIT_REFUSED;
}

int program_errno(const Program *program, int r, const char *what) {
        cleanup_free_ char *message = memory_format("%s: %s", what, strerror(-r));

        return program_refused(program, message);
}

int program_bad_bus(const Program *program) {
        return program_usage(program,
                        "'%.256s' is no bus; say system, session or an address like unix:path=/run/user/1000/bus",
                        program->bus ?: getenv(POMOD_BUS_ENV) ?: "");
}

int program_failed(const Program *program) {
        const char *name = client_error_name(program->client);
        cleanup_free_ char *message = NULL;

        client_explain_absence(program->client);
        message = memory_copy(client_error_message(program->client));
        for (const ProgramHint *hint = program->hints; !program->json && hint && hint->error; hint++)
                if (client_error_is(name, hint->error))
                        memory_append(&message, "%s", hint->text);
        program_error(program, name, message);
        return client_exit_status(program->client);
}

/* ---- requests ---- */

int program_call(const Program *program, const char *interface, const char *member,
                const ClientOption *options, sd_bus_message **ret_reply, const char *types, ...) {
        va_list ap;
        int r;

        assert(program->client);
        va_start(ap, types);
        r = client_call_va(program->client, interface, member, options, ret_reply, types, ap);
        va_end(ap);
        return r < 0 ? program_failed(program) : 0;
}

int program_unreadable(const Program *program, int r) {
        client_fail(program->client, r, NULL);
        return program_failed(program);
}

int program_read(const Program *program, sd_bus_message *reply, const char *types, ...) {
        va_list ap;
        int r;

        va_start(ap, types);
        r = sd_bus_message_readv(reply, types, ap);
        va_end(ap);
        return r > 0 ? 0 : program_unreadable(program, r < 0 ? r : -EBADMSG);
}

int program_setting(
                const Program *program, const char *name, sd_bus_message **ret_reply, const char **ret_text) {
        int r = program_call(program, POMOD_INTERFACE_SETTINGS, "Get", NULL, ret_reply, "s", name);

        return r != 0 ? r : program_read(program, *ret_reply, "v", "s", ret_text);
}

int program_use_zone(const Program *program) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const char *zone;
        int r = program_setting(program, "time-zone", &reply, &zone);

        if (r == 0)
                zone_use(zone);
        return r;
}
