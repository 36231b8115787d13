/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/host-name.h"

#include <stddef.h>
#include <string.h>

/* Underscores are no letters of a host's name, and are in names that people visit all the same. */
static bool is_letter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_label(const char *label, size_t size, bool international) {
        if (size == 0 || size > HOST_LABEL_BYTES || label[0] == '-' || label[size - 1] == '-')
                return false;
        for (size_t i = 0; i < size; i++)
                if (!is_letter(label[i]) && label[i] != '-' && !(international && (label[i] & 0x80)))
                        return false;
        return true;
}

/* What ends in a number would be taken for an address: 127.1, 0x7f.1. */
static bool is_number(const char *label, size_t size) {
        if (size > 2 && label[0] == '0' && (label[1] == 'x' || label[1] == 'X'))
                return strspn(label + 2, "0123456789abcdefABCDEF") >= size - 2;
        return strspn(label, "0123456789") >= size;
}

static bool is_name(const char *name, bool international) {
        const char *label = name;

        if (strnlen(name, HOST_NAME_BYTES + 1) > HOST_NAME_BYTES)
                return false;
        for (;;) {
                const size_t size = strcspn(label, ".");

                if (!is_label(label, size, international))
                        return false;
                if (label[size] == '\0')
                        return !is_number(label, size);
                label += size + 1;
        }
}

bool host_name_is_valid(const char *name) {
        return is_name(name, false);
}

bool host_name_may_be(const char *name) {
        return is_name(name, true);
}
