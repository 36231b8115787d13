/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * One description of a program, from which both its --help and its man page are printed, so that they cannot
 * disagree. A program fills in a static HelpPage in a source of its own, prints it with help_print(), and a
 * small uninstalled executable that links the same source prints the page:
 *
 *     // clients/foo/foo-man.c
 *     int main(void) { return help_print_man(&foo_help, stdout) < 0; }
 *
 *     // docs/meson.build
 *     foo_man = executable('foo-man', …)
 *     custom_target('foo.1', command: [foo_man], capture: true, output: 'foo.1', install: true,
 *         install_dir: get_option('mandir') / 'man1', install_tag: 'man')
 *
 * Texts are plain, without markup: help_print() wraps them, help_print_man() escapes them.
 */

#include <stdio.h>

/* An option, a verb, an example, an exit code: what is typed or seen, and what it means. */
typedef struct HelpItem {
        const char *term;
        const char *text;
} HelpItem;

typedef enum HelpWhere {
        HELP_BOTH,
        HELP_MAN_ONLY,  /* too long for a screen */
        HELP_HELP_ONLY, /* a summary of what the man page says at length */
} HelpWhere;

typedef struct HelpSection {
        const char *title;             /* "Options"; the man page writes it in capitals. NULL ends the list */
        const char *const *paragraphs; /* NULL-terminated, before the items; NULL: none */
        const HelpItem *items;         /* ended by one without a term; NULL: none */
        HelpWhere where;
        unsigned level; /* 1: below the section before, with its title as it is written */
} HelpSection;

typedef struct HelpPage {
        const char *name;            /* "pomoctl" */
        unsigned section;            /* of the manual: 1, 8 */
        const char *summary;         /* "control pomod from a shell": no capital, no full stop */
        const char *const *synopsis; /* whole lines: "pomoctl [OPTION…] VERB [ARGUMENT…]"; NULL-terminated */
        const char *const *description; /* paragraphs; NULL-terminated */
        const HelpSection *sections;    /* ended by one without a title */
        const char *see_also;           /* "pomod(8), pomobar(1)"; NULL: none */
} HelpPage;

/* Both make a table that reads as one: items, or paragraphs and lines. */
#define HELP_ITEMS(...) ((const HelpItem[]){ __VA_ARGS__, {} })
#define HELP_TEXT(...)  ((const char *const[]){ __VA_ARGS__, NULL })

/* Wrapped to 79 columns. 0 or a negative errno when the stream failed. */
int help_print(const HelpPage *page, FILE *file);
/* man(7) source. 0 or a negative errno when the stream failed. */
int help_print_man(const HelpPage *page, FILE *file);
