/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The table of verbs: parsing, help and the man page read it, and nothing of a verb is written anywhere else.
 */

#include "clients/pomoctl/ctl.h"
#include "common/help.h"

typedef int (*VerbFunc)(Ctl *ctl, const Args *args);

struct Verb {
        const char *name;           /* "start", "log add", or "focus profile set" */
        const char *usage;          /* what follows the name */
        const char *brief;          /* a line for the list of verbs; NULL: of several words, not in it */
        const char *sentence;       /* "begin an interval": no capital, no full stop */
        const char *const *details; /* paragraphs for its help; NULL: none */
        const Option *options;      /* its own; NULL: none */
        const HelpItem *terms;      /* words that it knows: placeholders, keys; NULL: none */
        const char *terms_title;
        const HelpItem *examples; /* at least one */
        VerbFunc run;
};

/* In the order in which people should meet them; NULL past the last. */
const Verb *verb_at(unsigned i);
extern const Option global_options[];

/* The verb that words begin with, the longest that fits; *ret_used of them are its name. NULL: none. */
const Verb *verb_find(const char *const *words, unsigned n_words, unsigned *ret_used);
const char *verb_nearest(const char *typed);
/* Of verbs below one: whether there are any, and the one ("schedule list" below "schedule") whose last word
 * is near to what was typed; NULL: none. */
bool verb_has_below(const Verb *verb);
const char *verb_nearest_below(const Verb *verb, const char *typed);

/* "--for=DURATION" for every option of a table, as help shows it; ended like any table. The caller frees
 * both. */
typedef struct HelpOptions {
        HelpItem *items;
        char **terms;
        unsigned n;
} HelpOptions;
int help_options(const Option *options, HelpOptions *ret);
void help_options_done(HelpOptions *options);

int help_show(void);                  /* pomoctl --help */
int help_show_verb(const Verb *verb); /* pomoctl VERB --help */
int help_show_man(void);              /* pomoctl(1) */

/* verbs-timer.c */
int verb_start(Ctl *ctl, const Args *args);
int verb_stop(Ctl *ctl, const Args *args);
int verb_interrupt(Ctl *ctl, const Args *args);
int verb_skip(Ctl *ctl, const Args *args);
int verb_pause(Ctl *ctl, const Args *args);
int verb_resume(Ctl *ctl, const Args *args);
int verb_extend(Ctl *ctl, const Args *args);
int verb_toggle(Ctl *ctl, const Args *args);
/* verb-status.c */
int verb_status(Ctl *ctl, const Args *args);
/* verb-watch.c */
int verb_watch(Ctl *ctl, const Args *args);
/* verb-log.c */
int verb_log(Ctl *ctl, const Args *args);
/* verbs-log.c */
int verb_log_add(Ctl *ctl, const Args *args);
int verb_log_edit(Ctl *ctl, const Args *args);
int verb_log_trim(Ctl *ctl, const Args *args);
int verb_log_delete(Ctl *ctl, const Args *args);
int verb_log_undo(Ctl *ctl, const Args *args);
int verb_log_redo(Ctl *ctl, const Args *args);
/* verbs-config.c */
int verb_config_list(Ctl *ctl, const Args *args);
int verb_config_get(Ctl *ctl, const Args *args);
int verb_config_set(Ctl *ctl, const Args *args);
int verb_config_reset(Ctl *ctl, const Args *args);
/* verbs-backup.c */
int verb_backup(Ctl *ctl, const Args *args);
int verb_backup_list(Ctl *ctl, const Args *args);
int verb_restore(Ctl *ctl, const Args *args);
/* verbs-rules.c */
int verb_schedule_list(Ctl *ctl, const Args *args);
int verb_schedule_add(Ctl *ctl, const Args *args);
int verb_schedule_edit(Ctl *ctl, const Args *args);
int verb_schedule_remove(Ctl *ctl, const Args *args);
/* verbs-import.c */
int verb_schedule_import(Ctl *ctl, const Args *args);
/* verb-ics.c */
int verb_schedule_ics(Ctl *ctl, const Args *args);
int verb_schedule_ics_alone(Ctl *ctl, const Args *args);
int verb_schedule_export(Ctl *ctl, const Args *args);
int verb_schedule_preset(Ctl *ctl, const Args *args);
/* verb-explain.c */
int verb_schedule_explain(Ctl *ctl, const Args *args);
/* verb-agenda.c */
int verb_schedule_agenda(Ctl *ctl, const Args *args);
/* verbs-office-day.c */
int verb_office_day_list(Ctl *ctl, const Args *args);
int verb_office_day_add(Ctl *ctl, const Args *args);
int verb_office_day_move(Ctl *ctl, const Args *args);
int verb_office_day_drop(Ctl *ctl, const Args *args);
/* verbs-focus.c */
int verb_focus_list(Ctl *ctl, const Args *args);
int verb_focus_on(Ctl *ctl, const Args *args);
int verb_focus_off(Ctl *ctl, const Args *args);
int verb_focus_keep(Ctl *ctl, const Args *args);
/* verbs-profile.c */
int verb_profile_list(Ctl *ctl, const Args *args);
int verb_profile_show(Ctl *ctl, const Args *args);
int verb_profile_set(Ctl *ctl, const Args *args);
int verb_profile_remove(Ctl *ctl, const Args *args);
/* verbs-plan.c */
int verb_plan(Ctl *ctl, const Args *args);
int verb_plan_capacity(Ctl *ctl, const Args *args);
int verb_plan_add(Ctl *ctl, const Args *args);
int verb_plan_remove(Ctl *ctl, const Args *args);
