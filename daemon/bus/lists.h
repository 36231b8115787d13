/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Lists of names: the handlers of Focus, and what they take; and that of Manager, for root's hosts. */

#include "daemon/bus/method.h"

typedef struct ListsPage {
        const char *after;
        unsigned limit;
} ListsPage;
extern const Param lists_page_params[2];

typedef struct SetList {
        Request request;
        const char *name;
        int fd;
} SetList;
extern const Param set_list_params[3];
extern const Param remove_list_params[2];

typedef struct GetList {
        const char *name, *digest;
        uint64_t uid; /* of Manager's */
} GetList;
extern const Param get_list_params[2];
extern const Param get_list_of_params[2];

int lists_handle_list(Call *call);
int lists_handle_set(Call *call);
int lists_handle_get(Call *call);
int lists_handle_get_of(Call *call); /* of any user, for root */
