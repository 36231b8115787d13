/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/epoll.h>

#include "common/caps.h"
#include "daemon/bus/records.h"
#include "daemon/core/lists.h"

#define CHUNK_BYTES 65536u

typedef struct Upload {
        Uploads *uploads;
        uid_t uid;
        sd_bus_message *message; /* to be answered; it has the descriptor, and the name */
        Request request;
        const char *name;
        int fd;
        bool is_memory;
        off_t offset; /* of a memfd, what was read */
        ListReader *reader;
        sd_event_source *readable, *late;
        sd_bus_slot *asking;
} Upload;

struct Uploads {
        Bus *bus;
        GPtrArray *list; /* of Upload, owned */
        int pipe[2];     /* through which pipes of others are emptied; always empty itself */
};

static void upload_free(void *p) {
        Upload *upload = p;

        /* Before the message and its descriptor: its other end is open elsewhere, and stays in the epoll. */
        sd_event_source_disable_unref(upload->readable);
        sd_event_source_disable_unref(upload->late);
        sd_bus_slot_unref(upload->asking);
        list_reader_free(upload->reader);
        sd_bus_message_unref(upload->message);
        g_free(upload);
}

Uploads *uploads_new(Bus *bus) {
        Uploads *uploads = g_new0(Uploads, 1);

        uploads->bus = bus;
        uploads->list = g_ptr_array_new_with_free_func(upload_free);
        uploads->pipe[0] = uploads->pipe[1] = -1;
        return uploads;
}

Uploads *uploads_free(Uploads *uploads) {
        if (!uploads)
                return NULL;
        g_ptr_array_unref(uploads->list);
        close_fd(uploads->pipe[0]);
        close_fd(uploads->pipe[1]);
        g_free(uploads);
        return NULL;
}

void uploads_end_of_user(Uploads *uploads, uid_t uid) {
        for (guint i = uploads->list->len; i > 0; i--)
                if (((const Upload *) uploads->list->pdata[i - 1])->uid == uid)
                        g_ptr_array_remove_index_fast(uploads->list, i - 1);
}

/* ---- its end ---- */

static void answer(Upload *upload, int r, const Refusal *refusal, const NameList *list) {
        sd_bus_message *message = steal(upload->message);
        Field fields[2];
        size_t n = 0;

        if (r == 0) {
                fields[n++] = field_number("Count", "t", list->names);
                fields[n++] = field_text("Digest", list->digest);
        }
        method_reply_later_fields(message, r, refusal, fields, n);
        g_ptr_array_remove_fast(upload->uploads->list, upload);
}

static int store(const Upload *upload, NameList *list, Refusal *ret_refusal) {
        cleanup_free_ char *text = NULL;
        Request request = upload->request;
        User *user;
        int r = list_reader_end(upload->reader, list, &text, ret_refusal);

        if (r != 0)
                return r;
        g_strlcpy(list->name, upload->name, sizeof(list->name));
        request.list = list;
        request.text = text;
        r = engine_enter(upload->uploads->bus->engine, upload->uid, "Focus.SetList", &user, ret_refusal);
        return r != 0 ? r : engine_leave(user, user_request(user, &request, NULL, ret_refusal), ret_refusal);
}

static int on_asked(sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Upload *upload = userdata;
        NameList list = {};
        Refusal refusal;
        int there = 0, r;

        if (sd_bus_message_is_method_error(reply, NULL) > 0 || sd_bus_message_read(reply, "b", &there) < 0 ||
                        !there) {
                g_ptr_array_remove_fast(upload->uploads->list, upload);
                return 1;
        }
        r = store(upload, &list, &refusal);
        answer(upload, r, &refusal, &list);
        return 1;
}

/* A caller who was killed has ended the text, too, and not where it was meant to end. */
static int ask_whether_there(Upload *upload) {
        sd_bus *bus = sd_bus_message_get_bus(upload->message);

        upload->readable = sd_event_source_disable_unref(upload->readable);
        upload->late = sd_event_source_disable_unref(upload->late);
        return result_of(sd_bus_call_method_async(bus, &upload->asking, "org.freedesktop.DBus",
                        "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner", on_asked, upload,
                        "s", sd_bus_message_get_sender(upload->message)));
}

/* ---- reading ---- */

static ssize_t take(Upload *upload, char *buf) {
        const int *own = upload->uploads->pipe;
        ssize_t n;

        if (upload->is_memory) {
                n = pread(upload->fd, buf, CHUNK_BYTES, upload->offset);
                upload->offset += MAX(n, 0);
                return n < 0 ? -errno : n;
        }
        n = splice(upload->fd, NULL, own[1], NULL, CHUNK_BYTES, SPLICE_F_NONBLOCK);
        if (n <= 0)
                return n < 0 ? -errno : 0;
        for (ssize_t at = 0; at < n;) {
                const ssize_t part = read(own[0], buf + at, (size_t) (n - at));

                if (part <= 0)
                        return part < 0 ? -errno : -EIO;
                at += part;
        }
        return n;
}

static void read_chunk(Upload *upload) {
        char buf[CHUNK_BYTES];
        ssize_t n = take(upload, buf);
        Refusal refusal;
        int r;

        if (n == -EAGAIN || n == -EINTR)
                return;
        r = n < 0   ? (int) n
            : n > 0 ? list_reader_feed(upload->reader, buf, (size_t) n, &refusal)
                    : ask_whether_there(upload);
        if (r != 0)
                answer(upload, r, &refusal, NULL);
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *userdata) {
        read_chunk(userdata);
        return 0;
}

static int on_turn(sd_event_source *source, void *userdata) {
        read_chunk(userdata);
        return 0;
}

static int on_late(sd_event_source *source, uint64_t usec, void *userdata) {
        Refusal refusal;

        answer(userdata,
                        refuse(&refusal, REFUSAL_NOT_POSSIBLE,
                                        "the list did not come to its end within %u s; write all of it, and close the descriptor",
                                        (unsigned) (LIST_READ_USEC / USEC_PER_SEC)),
                        &refusal, NULL);
        return 0;
}

/* ---- its beginning ---- */

/* Asking these two waits for nobody, as any other question about a descriptor may. */
static int look_at(int fd, bool *ret_memory, Refusal *ret_refusal) {
        *ret_memory = fcntl(fd, F_GET_SEALS) >= 0;
        if (*ret_memory || fcntl(fd, F_GETPIPE_SZ) >= 0)
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "the descriptor of the list is neither a pipe nor a memfd; give one of these");
}

static int check_room(const Uploads *uploads, uid_t uid, Refusal *ret_refusal) {
        unsigned n = 0;

        for (guint i = 0; i < uploads->list->len; i++)
                n += ((const Upload *) uploads->list->pdata[i])->uid == uid;
        if (n < CAP_LISTS_READ)
                return 0;
        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                        "%u lists of this user are being sent, which is the most there can be at once; end one",
                        n);
}

static int make_pipe(Uploads *uploads) {
        if (uploads->pipe[0] >= 0)
                return 0;
        return pipe2(uploads->pipe, O_CLOEXEC | O_NONBLOCK) < 0 ? -errno : 0;
}

static int listen(Upload *upload) {
        sd_event *event = upload->uploads->bus->event;
        int r;

        if (upload->is_memory)
                r = sd_event_add_defer(event, &upload->readable, on_turn, upload);
        else
                r = sd_event_add_io(event, &upload->readable, upload->fd, EPOLLIN, on_readable, upload);
        if (r >= 0)
                r = sd_event_source_set_enabled(upload->readable, SD_EVENT_ON);
        /* Behind requests and deadlines. */
        if (r >= 0)
                r = sd_event_source_set_priority(upload->readable, SD_EVENT_PRIORITY_NORMAL + 10);
        if (r >= 0)
                r = sd_event_add_time_relative(
                                event, &upload->late, CLOCK_MONOTONIC, LIST_READ_USEC, 0, on_late, upload);
        return result_of(r);
}

int uploads_begin_list(Uploads *uploads, Call *call, const char *name, int fd, const Request *request) {
        bool is_memory = false;
        Upload *upload;
        int r = list_check_name(name, &call->refusal);

        if (r == 0)
                r = look_at(fd, &is_memory, &call->refusal);
        if (r == 0)
                r = check_room(uploads, call->uid, &call->refusal);
        if (r == 0)
                r = make_pipe(uploads);
        if (r != 0)
                return r;
        upload = g_new0(Upload, 1);
        *upload = (Upload){
                .uploads = uploads,
                .uid = call->uid,
                .request = *request,
                .name = name,
                .fd = fd,
                .is_memory = is_memory,
                .reader = list_reader_new(),
        };
        r = listen(upload);
        if (r < 0) {
                upload_free(upload);
                return r;
        }
        upload->message = method_defer(call);
        g_ptr_array_add(uploads->list, upload);
        return 0;
}
