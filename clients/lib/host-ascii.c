/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/lib/host-ascii.h"

#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/host-name.h"
#include "common/text.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS  "0123456789"

/*
 * Of libidn2. Few names need it, and it takes more memory than a whole host, so that it is loaded for the
 * first of these.
 */
typedef int (*IdnFunc)(const char *input, char **ret_output, int flags);
#define IDN2_NFC_INPUT       1
#define IDN2_NONTRANSITIONAL 8

typedef struct Idn {
        IdnFunc to_ascii, to_unicode; /* NULL: there is no libidn2 */
} Idn;

static const Idn *idn_load(void) {
        static Idn idn;
        static bool tried;
        void *library;

        if (tried)
                return &idn;
        tried = true;
        library = dlopen("libidn2.so.0", RTLD_NOW | RTLD_LOCAL);
        if (library) {
                *(void **) &idn.to_ascii = dlsym(library, "idn2_to_ascii_8z");
                *(void **) &idn.to_unicode = dlsym(library, "idn2_to_unicode_8z8z");
        }
        return &idn;
}

static bool is_ascii(const char *text) {
        for (; *text; text++)
                if ((unsigned char) *text >= 0x80)
                        return false;
        return true;
}

static int wrong(const char **ret_why, const char *what) {
        *ret_why = what;
        return -EINVAL;
}

static int convert(const char *name, char **ret_name, const char **ret_why) {
        char *converted = NULL;
        IdnFunc func;

        if (is_ascii(name)) {
                *ret_name = memory_copy(name);
                return 0;
        }
        if (text_check(name, HOST_NAME_BYTES * 4) < 0)
                return wrong(ret_why, "it is too long or not UTF-8");
        func = idn_load()->to_ascii;
        if (!func)
                return wrong(ret_why,
                                "without libidn2 it can only have a-z, 0-9 and -; write it with xn-- or install libidn2");
        if (func(name, &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != 0)
                return wrong(ret_why, "it has no form in a-z, 0-9 and -");
        *ret_name = converted;
        return 0;
}

static bool has_bad_label(const char *name) {
        for (const char *label = name;; label += strcspn(label, ".") + 1) {
                size_t n = strcspn(label, ".");

                if (n == 0 || n > HOST_LABEL_BYTES || label[0] == '-' || label[n - 1] == '-')
                        return true;
                if (label[n] == '\0')
                        return false;
        }
}

/* Why it is no host name, whatever else is wrong of it. */
static const char *fault(const char *name) {
        size_t n = strlen(name);

        return n == 0 || n > HOST_NAME_BYTES ? "it has to have 1 to 253 bytes"
               : strspn(name, LETTERS DIGITS "-_.") != n
                               ? "it can have letters, digits, - and dots, as in example.com"
               : has_bad_label(name) ? "between dots there are 1 to 63 bytes, and none begins or ends with -"
                                     : "it is an address; write a name as in example.com";
}

int host_ascii(const char *name, char **ret_name, const char **ret_why) {
        cleanup_free_ char *ascii = NULL;
        size_t n;
        int r;

        assert(name && ret_name && ret_why);
        r = convert(name, &ascii, ret_why);
        if (r < 0)
                return r;
        n = strlen(ascii);
        if (n > 1 && ascii[n - 1] == '.')
                ascii[n - 1] = '\0';
        for (char *p = ascii; *p; p++)
                if (*p >= 'A' && *p <= 'Z')
                        *p = (char) (*p - 'A' + 'a');
        if (!host_name_is_valid(ascii))
                return wrong(ret_why, fault(ascii));
        *ret_name = steal(ascii);
        return 0;
}

char *host_ascii_shown(const char *name) {
        cleanup_free_ char *shown = NULL;
        IdnFunc func = strstr(name, "xn--") ? idn_load()->to_unicode : NULL;

        if (!func || func(name, &shown, 0) != 0 || !shown || strcmp(shown, name) == 0 ||
                        text_check(shown, HOST_NAME_BYTES * 4) < 0)
                return NULL;
        return steal(shown);
}
