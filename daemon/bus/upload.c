/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "common/caps.h"
#include "common/category.h"
#include "daemon/bus/records.h"
#include "daemon/core/lists.h"
#include "daemon/engine/read.h"

#define CHUNK_BYTES 65536u

typedef struct Upload {
        Uploads *uploads;
        uid_t uid;
        sd_bus_message *message; /* to be answered; it has the descriptor, and the name */
        Request request;
        const char *name;
        int fd;
        off_t offset; /* what was read */
        ListReader *reader;
        sd_event_source *turn;
        sd_bus_slot *asking;
} Upload;

struct Uploads {
        Bus *bus;
        GPtrArray *list; /* of Upload, owned */
};

static void upload_free(void *p) {
        Upload *upload = p;

        sd_event_source_disable_unref(upload->turn);
        sd_bus_slot_unref(upload->asking);
        list_reader_free(upload->reader);
        sd_bus_message_unref(upload->message);
        g_free(upload);
}

Uploads *uploads_new(Bus *bus) {
        Uploads *uploads = g_new0(Uploads, 1);

        uploads->bus = bus;
        uploads->list = g_ptr_array_new_with_free_func(upload_free);
        return uploads;
}

Uploads *uploads_free(Uploads *uploads) {
        if (!uploads)
                return NULL;
        g_ptr_array_unref(uploads->list);
        g_free(uploads);
        return NULL;
}

void uploads_end_of_user(Uploads *uploads, uid_t uid) {
        for (guint i = uploads->list->len; i > 0; i--)
                if (((const Upload *) uploads->list->pdata[i - 1])->uid == uid)
                        g_ptr_array_remove_index_fast(uploads->list, i - 1);
}

/* ---- its end ---- */

/* list: what was stored, where r is 0; else it may be NULL. */
static void answer(Upload *upload, int r, const Refusal *refusal, const NameList *list) {
        sd_bus_message *message = steal(upload->message);
        Field fields[2];
        size_t n = 0;

        if (r == 0 && list) {
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

/* Whoever has left meanwhile is not told, and so changes nothing. */
static int ask_whether_there(Upload *upload) {
        sd_bus *bus = sd_bus_message_get_bus(upload->message);

        upload->turn = sd_event_source_disable_unref(upload->turn);
        return result_of(sd_bus_call_method_async(bus, &upload->asking, "org.freedesktop.DBus",
                        "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner", on_asked, upload,
                        "s", sd_bus_message_get_sender(upload->message)));
}

/* ---- reading ---- */

static ssize_t take(Upload *upload, char *buf) {
        const ssize_t n = pread(upload->fd, buf, CHUNK_BYTES, upload->offset);

        upload->offset += MAX(n, 0);
        return n < 0 ? -errno : n;
}

static void read_chunk(Upload *upload) {
        char buf[CHUNK_BYTES];
        ssize_t n = take(upload, buf);
        Refusal refusal;
        int r;

        if (n == -EINTR)
                return;
        r = n < 0   ? (int) n
            : n > 0 ? list_reader_feed(upload->reader, buf, (size_t) n, &refusal)
                    : ask_whether_there(upload);
        if (r != 0)
                answer(upload, r, &refusal, NULL);
}

static int on_turn(sd_event_source *source, void *userdata) {
        read_chunk(userdata);
        return 0;
}

/* ---- its beginning ---- */

/*
 * Asking these waits for nobody, as any other question about a descriptor may: a pipe is locked by whoever
 * writes to it, also while that waits for memory of theirs that need never come.
 */
static int look_at(int fd, Refusal *ret_refusal) {
        const int flags = fcntl(fd, F_GETFL);

        if (fcntl(fd, F_GET_SEALS) >= 0)
                return flags >= 0 && (flags & O_ACCMODE) != O_WRONLY
                                       ? 0
                                       : refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                                         "the memfd of the list is open for writing alone, and cannot be read; give one that is open for reading");
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "the descriptor of the list is no memfd; give one, as of memfd_create(2)");
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

static int listen(Upload *upload) {
        int r = sd_event_add_defer(upload->uploads->bus->event, &upload->turn, on_turn, upload);

        if (r >= 0)
                r = sd_event_source_set_enabled(upload->turn, SD_EVENT_ON);
        /* Behind requests and deadlines. */
        if (r >= 0)
                r = sd_event_source_set_priority(upload->turn, SD_EVENT_PRIORITY_NORMAL + 10);
        return result_of(r);
}

/* A list of the name of a category would be meant in its place, wherever that is named. */
static int check_name(Call *call, const char *name) {
        const char *dir = call->bus->category_dir;
        const GArray *lists = user_read_lists(call->user);
        int r = list_check_name(name, &call->refusal);

        if (r != 0 || (lists && lists_find(lists, name)))
                return r;
        if (dir && category_exists(dir, name))
                r = refuse(&call->refusal, REFUSAL_INVALID_ARGUMENT,
                                "@%s is a category that pomod has, so a list of yours needs another name, like my-%s",
                                name, name);
        return r;
}

int uploads_begin_list(Uploads *uploads, Call *call, const char *name, int fd, const Request *request) {
        Upload *upload;
        int r = check_name(call, name);

        if (r == 0)
                r = look_at(fd, &call->refusal);
        if (r == 0)
                r = check_room(uploads, call->uid, &call->refusal);
        if (r != 0)
                return r;
        upload = g_new0(Upload, 1);
        *upload = (Upload){
                .uploads = uploads,
                .uid = call->uid,
                .request = *request,
                .name = name,
                .fd = fd,
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
