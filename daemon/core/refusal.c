/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/refusal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/date.h"
#include "common/text.h"

/* Takes off the bytes of a last character that lost its end. */
static void cut_between_characters(char *text) {
        size_t n = strlen(text), tail = 0;
        unsigned char lead;
        size_t needed;

        while (tail < n && tail < 3 && ((unsigned char) text[n - 1 - tail] & 0xc0) == 0x80)
                tail++;
        if (tail == n)
                return;
        lead = (unsigned char) text[n - 1 - tail];
        needed = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        if (tail < needed)
                text[n - 1 - tail] = '\0';
}

int refuse(Refusal *ret_refusal, RefusalCode code, const char *format, ...) {
        va_list args;
        int n;

        if (!ret_refusal)
                return (int) code;

        ret_refusal->code = code;
        ret_refusal->needs_admin = false;
        va_start(args, format);
        n = vsnprintf(ret_refusal->message, sizeof(ret_refusal->message), format, args);
        va_end(args);
        if (n < 0)
                ret_refusal->message[0] = '\0';
        else if ((size_t) n >= sizeof(ret_refusal->message))
                cut_between_characters(ret_refusal->message);
        return (int) code;
}

void refuse_without_admin(Refusal *refusal, const char *profile) {
        if (!refusal)
                return;
        assert(refusal->code != REFUSAL_NONE);
        refusal->needs_admin = true;
        snprintf(refusal->profile, sizeof(refusal->profile), "%s", profile);
}

int refuse_date(Refusal *ret_refusal, const char *text) {
        char excerpt[TEXT_EXCERPT_MAX];
        Date date;

        if (text[0] == '\0' || date_parse(text, &date) == 0)
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "\"%s\" is no date; write it like 2026-07-01",
                        text_excerpt(text, excerpt));
}
