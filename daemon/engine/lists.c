/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/lists.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "daemon/engine/publish.h"

int user_lists_load(User *user) {
        GArray *lists = g_array_new(FALSE, FALSE, sizeof(NameList));
        int r;

        assert(user->store);
        r = store_lists_load(user->store, lists);
        if (r < 0) {
                g_array_unref(lists);
                return r;
        }
        user_lists_done(user);
        user->lists = lists;
        return 0;
}

void user_lists_done(User *user) {
        g_clear_pointer(&user->lists, g_array_unref);
}

/* No claim changes by it: those in force have pinned what they were engaged with. */
static int commit(User *user, const Request *request) {
        StoreWrite write;
        News news = {};
        int r = store_write_begin(user->store, &write);

        if (r < 0)
                return r;
        publish_add_now(user, &news, CHANGED_SETTINGS, HAPPENED_SETTINGS_CHANGED, 0);
        if (request->type == REQUEST_LIST_SET)
                r = write_list(&write, request->list, request->text);
        else
                r = write_list_removed(&write, request->name);
        r = user_publish_stored(user, &write, r, &news);
        if (r < 0)
                return r;
        r = user_lists_load(user);
        user_publish(user, &news);
        return r;
}

static int set(User *user, const Request *request, Refusal *ret_refusal) {
        const NameList *known = lists_find(user->lists, request->list->name);

        assert(request->text);
        if (known && strcmp(known->digest, request->list->digest) == 0)
                return 0;
        if (!known && user->lists->len >= CAP_LISTS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "there are %u lists, which is the most there can be; remove one", CAP_LISTS);
        return commit(user, request);
}

int user_lists_request(User *user, const Request *request, Refusal *ret_refusal) {
        assert(user->store && user->lists);
        if (request->type == REQUEST_LIST_SET)
                return set(user, request, ret_refusal);
        if (!lists_find(user->lists, request->name))
                return refuse(ret_refusal, REFUSAL_NO_SUCH_LIST, "there is no list \"%s\"", request->name);
        return commit(user, request);
}
