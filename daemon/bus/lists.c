/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/lists.h"

#include <glib.h>
#include <string.h>

#include "daemon/bus/export.h"
#include "daemon/bus/pages.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/bus/upload.h"
#include "daemon/bus/values.h"
#include "daemon/core/lists.h"
#include "daemon/engine/read.h"

const Param lists_page_params[2] = {
        { "after", OPTION_TEXT, offsetof(ListsPage, after), CAP_RULE_BYTES },
        { "limit", OPTION_PAGE, offsetof(ListsPage, limit) },
};

static int append_list(Reply *reply, const void *record) {
        const NameList *list = record;
        const Field fields[] = {
                field_text("Name", list->name),
                field_number("Count", "t", list->names),
                field_number("Bytes", "t", list->bytes),
                field_text("Digest", list->digest),
        };

        return fields_append(reply, fields, ELEMENTSOF(fields));
}

int lists_handle_list(Call *call) {
        const ListsPage *params = call->given;
        const GArray *lists = user_read_lists(call->user);
        Field last = field_text("after", "");
        Page page;
        int r = page_begin(&page, call, params->limit, "a{sv}");

        for (guint i = 0; r == 0 && lists && i < lists->len; i++) {
                const NameList *list = &g_array_index(lists, NameList, i);

                if (params->after && strcmp(list->name, params->after) <= 0)
                        continue;
                r = page_append(&page, append_list, list);
                if (r == 0)
                        last.text = list->name;
        }
        return page_end(&page, r, &last, 1);
}

const Param set_list_params[3] = {
        { "name", ARG_TEXT, offsetof(SetList, name), CAP_RULE_BYTES, .what = "list's name" },
        { "names", ARG_FD, offsetof(SetList, fd) },
        OPTION_IF_SEQ,
};

int lists_handle_set(Call *call) {
        SetList *set = call->given;

        set->request.type = call->method->request;
        return uploads_begin_list(call->bus->uploads, call, set->name, set->fd, &set->request);
}

const Param remove_list_params[2] = {
        { "name", ARG_TEXT, offsetof(Request, name), CAP_RULE_BYTES, .what = "list's name" },
        OPTION_IF_SEQ,
};

const Param get_list_params[2] = {
        { "name", ARG_TEXT, offsetof(GetList, name), CAP_RULE_BYTES, .what = "list's name" },
        { "digest", OPTION_TEXT, offsetof(GetList, digest), LIST_DIGEST_MAX },
};

static int check_digest(const char *digest, Refusal *ret_refusal) {
        char buf[SNIPPET_BYTES + 4];

        if (list_is_digest(digest))
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "\"%s\" is no digest of a list; it has 64 digits from 0 to 9 and a to f",
                        text_snippet(digest, buf));
}

static int export(Call *call, User *user, const char *digest, bool for_host) {
        cleanup_close_ int fd = -1;
        int r = check_digest(digest, &call->refusal);

        if (r == 0)
                r = exports_begin_list(call->bus, user, digest, for_host, &fd, &call->refusal);
        return r != 0 ? r : reply_append(&call->reply, "h", fd);
}

int lists_handle_get(Call *call) {
        const GetList *get = call->given;
        const GArray *lists = user_read_lists(call->user);
        const NameList *list = lists ? lists_find(lists, get->name) : NULL;

        if (get->digest)
                return export(call, call->user, get->digest, false);
        if (!list)
                return refuse(&call->refusal, REFUSAL_NO_SUCH_LIST, "there is no list \"%s\"", get->name);
        return export(call, call->user, list->digest, false);
}

const Param get_list_of_params[2] = {
        { "uid", ARG_UID, offsetof(GetList, uid) },
        { "digest", ARG_TEXT, offsetof(GetList, digest), LIST_DIGEST_MAX },
};

int lists_handle_get_of(Call *call) {
        const GetList *get = call->given;
        User *user;
        int r = engine_enter(call->bus->engine, (uid_t) get->uid, call->method->name, &user, &call->refusal);

        return r != 0 ? r : engine_leave(user, export(call, user, get->digest, true), &call->refusal);
}
