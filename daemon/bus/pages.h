/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * An answer that lists is a page: it ends before it would be larger than an answer may be, after as many
 * records as were asked for, and after PAGE_USEC of work. Behind the list it says whether there is more: an
 * a{sv} of the options with which the same method, with the same arguments, goes on; empty where that was
 * all.
 */

#include <stdbool.h>

#include "daemon/bus/method.h"
#include "daemon/bus/records.h"

typedef struct Page {
        Reply *reply;
        unsigned left;       /* records that it still takes */
        unsigned n;          /* of those that it has */
        uint64_t until_usec; /* of this thread's own time */
        bool more;           /* it is over, and that was not all */
} Page;

/* Opens the list, of records of the type contents, with room for limit of them; 0: CAP_RECORDS_PER_REPLY. */
int page_begin(Page *page, Call *call, unsigned limit, const char *contents);

/* What appends one record; a pure function of its arguments, since it is called once more to measure. */
typedef int (*RecordFunc)(Reply *reply, const void *record);

/*
 * A record that no answer could hold, which an older pomod may have stored, is told without its texts above
 * TEXT_KEPT_BYTES, and with TooLarge (t), its size in bytes, as its first entry.
 *
 * Each of these returns -ENOBUFS where the page is over, which stops a reading, and of which page_end() makes
 * what it is: no error. A page takes at least one record.
 */
int page_append(Page *page, RecordFunc func, const void *record);
/* Before a record that is looked at and not shown. */
int page_pass(Page *page);

/* In an array of records that begin with their name, the place behind the one of a name; NULL: the beginning.
 * -ENOENT. */
int page_find_behind(const GArray *records, const char *name, guint *ret_place);

/* Closes the list of what a reading ended with r. */
int page_close(Page *page, int r);
/* Says whether there is more; the fields are the options to go on with. */
int page_append_more(Page *page, const Field *fields, size_t n_fields);
/* Both. */
int page_end(Page *page, int r, const Field *fields, size_t n_fields);
