/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/pages.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "common/caps.h"
#include "common/duration.h"

/* For what comes behind the list, and for the message around it. */
#define RESERVED_BYTES 1024u
#define LIST_BYTES     (CAP_ANSWER_BYTES - RESERVED_BYTES)

int page_begin(Page *page, Call *call, unsigned limit, const char *contents) {
        *page = (Page){
                .reply = &call->reply,
                .left = limit > 0 ? limit : CAP_RECORDS_PER_REPLY,
                .until_usec = worked_usec() + PAGE_USEC,
        };
        return reply_open(page->reply, SD_BUS_TYPE_ARRAY, contents);
}

static int end_early(Page *page) {
        page->more = true;
        return -ENOBUFS;
}

static size_t size_with(const Reply *reply, RecordFunc func, const void *record) {
        Reply counted = { .size = reply->size };

        return func(&counted, record) < 0 ? SIZE_MAX : counted.size;
}

static int append_without_long_texts(Page *page, size_t size, RecordFunc func, const void *record) {
        int r;

        page->reply->too_large = size;
        page->reply->said_so = false;
        r = func(page->reply, record);
        page->reply->too_large = 0;
        return r;
}

int page_append(Page *page, RecordFunc func, const void *record) {
        size_t size;
        int r;

        if (page->left == 0 || (page->n > 0 && worked_usec() >= page->until_usec))
                return end_early(page);
        size = size_with(page->reply, func, record);
        if (size > LIST_BYTES && page->n > 0)
                return end_early(page);
        r = size > LIST_BYTES ? append_without_long_texts(page, size, func, record)
                              : func(page->reply, record);
        if (r < 0)
                return r;
        page->left--;
        page->n++;
        return 0;
}

int page_pass(Page *page) {
        return worked_usec() >= page->until_usec ? end_early(page) : 0;
}

int page_find_behind(const GArray *records, const char *name, guint *ret_place) {
        const guint size = g_array_get_element_size((GArray *) records);

        if (!name) {
                *ret_place = 0;
                return 0;
        }
        for (guint i = 0; i < records->len; i++)
                if (strcmp(records->data + (size_t) i * size, name) == 0) {
                        *ret_place = i + 1;
                        return 0;
                }
        return -ENOENT;
}

int page_close(Page *page, int r) {
        return r != 0 && !page->more ? r : reply_close(page->reply);
}

int page_append_more(Page *page, const Field *fields, size_t n_fields) {
        return fields_append(page->reply, fields, page->more ? n_fields : 0);
}

int page_end(Page *page, int r, const Field *fields, size_t n_fields) {
        r = page_close(page, r);
        return r != 0 ? r : page_append_more(page, fields, n_fields);
}
