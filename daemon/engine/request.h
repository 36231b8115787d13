/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What people ask to be changed, after authorization. A request is decided by core, stored in one write,
 * adopted, then told. One that is refused, or that cannot be stored, leaves nothing behind: no record, no
 * number, and nobody is told. It opens the store, and makes one where there is none. Texts must be those that
 * the bus has checked: UTF-8 in one line, no longer than their caps.
 */

#include "daemon/core/consent.h"
#include "daemon/core/lists.h"
#include "daemon/core/log.h"
#include "daemon/core/tasks.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/read.h"

typedef enum RequestType {
        REQUEST_TIMER, /* an Event of the machine: start, stop, skip, interrupt, pause, resume, extend,
                          toggle, set-task */
        REQUEST_TASK_ADD,
        REQUEST_TASK_UPDATE,
        REQUEST_TASK_REMOVE,
        REQUEST_LOG_ADD,
        REQUEST_LOG_EDIT,
        REQUEST_LOG_DELETE,
        REQUEST_LOG_UNDO,
        REQUEST_LOG_REDO,
        REQUEST_SETTING_SET,
        REQUEST_SETTING_RESET,
        REQUEST_RESTORE,         /* name; by user_request_restore() alone */
        REQUEST_RULE_SET,        /* rule */
        REQUEST_RULE_REMOVE,     /* name */
        REQUEST_PROFILE_SET,     /* profile */
        REQUEST_PROFILE_REMOVE,  /* name */
        REQUEST_RULES_IMPORT,    /* text, replace, dry_run */
        REQUEST_OFFICE_DAY_ADD,  /* name (empty: the only office-day rule), date */
        REQUEST_OFFICE_DAY_MOVE, /* name, date, to_date */
        REQUEST_OFFICE_DAY_DROP, /* name, date */
        REQUEST_FOCUS_ENGAGE,    /* name, for_usec, lock */
        REQUEST_FOCUS_RELEASE,   /* id (0: all in force), text: the reason, admin */
        REQUEST_FOCUS_WITHDRAW,  /* id (0: all pending) */
        REQUEST_PLUGIN_ENABLE,   /* name */
        REQUEST_PLUGIN_DISABLE,  /* name */
        REQUEST_PLUGIN_SET,      /* name, key, text: a standing setting */
        REQUEST_PLUGIN_RESET,    /* name, key */
        REQUEST_LIST_SET,        /* list, text */
        REQUEST_LIST_REMOVE,     /* name */
        REQUEST_GRANT,           /* asked: an administrator's word, or the configuration's */
        REQUEST_GRANTS_REVOKE,   /* name: of a profile */
        _REQUEST_TYPE_MAX,
} RequestType;

typedef int (*ProfileFunc)(const Profile *profile, void *userdata);

typedef struct Request {
        RequestType type;
        bool has_if_seq;
        uint64_t if_seq;
        bool has_if_interval; /* TIMER */
        uint64_t if_interval;
        Event event;            /* TIMER */
        const char *task_title; /* TIMER start and set-task, LOG_ADD, LOG_EDIT: instead of a task id; created
                                   if unknown */
        const char *task_project; /* with it; NULL any */
        int64_t id;               /* TASK_UPDATE, TASK_REMOVE, LOG_EDIT, LOG_DELETE */
        TaskEdit task;            /* TASK_ADD, TASK_UPDATE */
        LogEdit log;              /* LOG_ADD, LOG_EDIT */
        const char *name;         /* SETTING_SET, SETTING_RESET, RESTORE */
        const char *key;          /* PLUGIN_SET, PLUGIN_RESET */
        const char *text;         /* SETTING_SET, PLUGIN_SET, RULES_IMPORT; FOCUS_RELEASE: the reason */
        const NameList *list;     /* LIST_SET */
        const GArray *asked;      /* GRANT: of ConsentAsked; what the profiles no longer name is left out */
        const Rule *rule;
        const Profile *profile;
        bool replace, dry_run;
        WarningFunc warning;    /* RULE_SET, RULES_IMPORT (with dry_run, too): called before it returns 0 with
                                   what */
        void *warning_userdata; /* can never come true of the rules as they would be; NULL: not wanted */
        ProfileFunc profile_func; /* RULES_IMPORT: called with each profile that there would be, where
                                     nothing of it is refused */
        void *profile_userdata;
        Date date, to_date;
        uint64_t for_usec;
        LockKind lock;
        uint64_t lock_delay_usec;
        AdminWord admin;   /* FOCUS_RELEASE */
        const char *focus; /* TIMER start: a profile in force for as long as the interval; NULL none */
} Request;

typedef struct Answer {
        int64_t id;                 /* of the interval begun, toggled, added, undone; of the task added */
        EventType did;              /* TOGGLE: what it became */
        bool hidden;                /* TASK_REMOVE: hidden, because the log needs it */
        int64_t created_task;       /* 0: none was created for a title */
        unsigned rules, profiles;   /* RULES_IMPORT: how many are new or others than before */
        unsigned removed;           /* RULES_IMPORT with replace */
        uint64_t release_real_usec; /* FOCUS_RELEASE: when it is released; now, or after the delay */
} Answer;

/* 0, a RefusalCode, or a negative errno for engine_leave(). ret_answer may be NULL. */
int user_request(User *user, const Request *request, Answer *ret_answer, Refusal *ret_refusal);

/*
 * A backup, and REQUEST_RESTORE: both take long, and done is told what came of them; of a restore, with the
 * backup of what was there before, "" where that is only set aside. REFUSAL_BUSY while one is being made for
 * this user. Where 0 was returned, done is called once, at the latest by engine_free() with -ECANCELED.
 */
int user_request_restore(User *user, const Request *request, EngineBackupFunc done, void *userdata,
                Refusal *ret_refusal);
int user_request_backup(User *user, EngineBackupFunc done, void *userdata, Refusal *ret_refusal);
