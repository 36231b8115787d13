/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Every limit on what a caller can make grow, in one place. The daemon answers LimitsExceeded one past each
 * of them; clients check the same numbers before they send, to say it sooner. Sizes are bytes of UTF-8.
 */

/* Texts */
#define CAP_TITLE_BYTES   256u  /* a task's title */
#define CAP_PROJECT_BYTES 128u  /* a project's name */
#define CAP_TAGS_BYTES    256u  /* all tags of a task, with a blank between two */
#define CAP_NOTE_BYTES    4096u /* a note of an interval, an interruption or a stop */
#define CAP_RULE_BYTES    64u   /* the name of a rule */

/* Rules and profiles of one user */
#define CAP_RULES               10000u
#define CAP_RULES_TEXT_BYTES    (4u << 20) /* of one import */
#define CAP_RULES_JUDGED        250u       /* of more, nobody is told which hide which */
#define CAP_PROFILES            1000u
#define CAP_PROFILE_PLUGINS     16u
#define CAP_PROFILE_SETTINGS    64u
#define CAP_PROFILE_VALUE_BYTES 16384u
#define CAP_PROFILE_BYTES       (64u << 10) /* of one, as text */
#define CAP_PROFILES_BYTES      (1u << 20)  /* of all, as text */

/* Plugins and lists, as far as they are one user's */
#define CAP_PLUGIN_VALUES       256u        /* standing settings that are set, of all plugins */
#define CAP_PLUGIN_VALUES_BYTES (64u << 10) /* of one plugin's */
#define CAP_PLUGINS_DISABLED    256u
#define CAP_PLUGIN_FILES        1000u       /* plugins that are installed; those beyond are not looked at */
#define CAP_PLUGIN_FILE_BYTES   (64u << 10) /* of a NAME.json */
#define CAP_LISTS               32u
#define CAP_LIST_NAMES          20000u       /* of one list … */
#define CAP_LIST_BYTES          (512u << 10) /* … and of its text */
#define CAP_LISTS_READ          4u           /* of one user, that are being sent at once */
#define CAP_NAMES_FILE_BYTES    (64u << 20)  /* of a file that pomoctl makes one of */
#define CAP_CATEGORIES          256u         /* of the package */
#define CAP_CATEGORY_BYTES      (1 << 20)    /* of the file of one */
#define CAP_GRANT_ITEM_BYTES \
        320u /* of what a profile may block for everyone: a name, or a list's and its digest */
#define CAP_GRANTS_BYTES                                                                  \
        (128u << 10) /* of one profile's; beyond it goes what the profile no longer names \
                      */
#define CAP_CONSENT_SHOWN_BYTES (32u << 10) /* of what one answer says is granted, and of what is not */

#define CAP_CLAIMS          100u  /* made by hand and in force at once */
#define CAP_CLAIMS_IN_FORCE 1000u /* by rules, too: of a window beyond them none is made */
#define CAP_DESIRED_SHARE_BYTES \
        (256u << 10) /* of what the claims in force of one user want of one plugin, each with … */
#define CLAIM_DESIRED_BYTES 512u  /* … so much around its settings */
#define CAP_REPORTS         64u   /* plugins whose last report is kept */
#define CAP_HOSTS           64u   /* plugins of one user, or of the computer, that have a host */
#define CAP_FAILURES        1000u /* claims that one report says of that they failed alone */
#define CAP_VERSION_BYTES   64u   /* of a plugin, as its host says it */

/* Records of one user */
#define CAP_TASKS         10000u
#define CAP_PROJECTS      1000u
#define CAP_INTERRUPTIONS 1000u      /* of one interval */
#define CAP_PAUSES        1000u      /* of one interval */
#define CAP_ABSENCES      1000u      /* of one interval; later ones are not noted */
#define CAP_UNDO          100u       /* steps that can be taken back */
#define CAP_UNDO_BYTES    (4u << 20) /* of images of their rows; the newest is kept whatever its size */
#define CAP_EVENTS        256u       /* events kept for Events(since) */

#define CAP_UNSOUND \
        64u /* rows that make no sense which are noted, and so left out of a page beside its own */

/*
 * Budgets: what one user can make grow by going on. Where what is asked for is refused, what makes a store
 * smaller is not, nor is what time does by itself.
 */
#define CAP_STORE_BYTES       (512u << 20) /* of the file of a user, free pages left out */
#define CAP_CHANGES_PER_MIN   600u         /* by a clock that nobody sets … */
#define CAP_CHANGES_AT_ONCE   200u         /* … so many of them at once */
#define CAP_BACKUPS_BY_HAND   10u          /* the oldest gives way to one more */
#define CAP_BACKUPS_BYTES     (1u << 30) /* of all backups of a user; the oldest give way, never the newest */
#define CAP_BACKUP_EVERY_USEC (60ULL * 1000000) /* between two by hand */
#define CAP_SET_ASIDE         3u    /* files of a store that was replaced; the oldest gives way to one more */
#define CAP_CLAIMS_KEPT       5000u /* newest claims that keep their settings when they are over … */
#define CAP_CLAIMS_KEPT_LARGE 250u  /* … and where these are large */
#define CAP_CLAIM_LARGE_BYTES 4096u

/* Answers */
#define CAP_ANSWER_BYTES             (256u << 10) /* of one, but Desired's: a list is asked on for the rest */
#define CAP_USER_DESIRED_BYTES       (4u << 20)   /* of Focus.Desired */
#define PAGE_USEC                    20000u       /* of work, after which a list ends its page */
#define CAP_RECORDS_PER_REPLY        1000u        /* of any list; the rest is asked for by key */
#define CAP_INTERRUPTIONS_PER_RECORD 50u /* of an interval in one answer; the rest is asked for apart */
#define CAP_EXPORTS_PER_USER         4u  /* History.Export descriptors open at once */
#define CAP_EXPORTS_FOR_HOSTS        64u /* … and of lists that root's hosts read */

/* Calls of one uid, on the bus */
#define CAP_CALLS_WAITING       64u         /* not served yet */
#define CAP_CALLS_WAITING_BYTES (1u << 20)  /* … beyond which no further one waits */
#define CAP_CALL_BYTES          (16u << 20) /* of one call */
#define CAP_CALL_VALUES         16384u      /* in one call */
#define CAP_CALLS_HELD          4u          /* of a connection until the bus has said whose it is */
#define CAP_CALLERS_HELD        256u        /* such connections, of all uids */
#define CAP_CALLERS_HELD_OF     16u         /* … while it is found out who has one uid */
#define CAP_CALLERS_HELD_BYTES  (8u << 20)  /* what they have waiting together */
#define CAP_ANSWERED_PER_SEC    (2u << 20)  /* bytes of answers, on the system bus */
#define CAP_ANSWERED_BURST      (8u << 20)
#define CAP_HELD_UP_PER_SEC     20000u  /* µs that calls of one keep all others waiting … */
#define CAP_HELD_UP_BURST       200000u /* … beyond what a slice, or a page, may take */

/* Callers */
#define CAP_OPTIONS                32u         /* entries of one a{sv} options */
#define CAP_USERS                  4096u       /* users loaded at once */
#define CAP_AUTHORIZATIONS_PER_UID 8u          /* calls that wait for polkit at once */
#define CAP_CONSENT_NAMED          10u         /* names in the question that polkit asks; more are counted */
#define CAP_PLUGIN_REPORTS         1000u       /* of plugins that act on the whole computer */
#define CAP_DESIRED_BYTES          (16u << 20) /* of settings in one Desired; a bus carries 32 MiB */
#define CAP_SUBSCRIBERS_PER_UID    32u         /* on the system bus */
#define CAP_SUBSCRIBERS            1600u       /* on the system bus, in all */
#define CAP_SUBSCRIBERS_PRIVATE    4096u       /* on a bus of one user */

/* Those who are told: how fast, and how much where they do not read it */
#define CHANGES_PER_SEC       20u          /* of one user; what is more is told as one */
#define CAP_UNREAD_BYTES      (256u << 10) /* sent to a connection that then has to answer a Ping … */
#define CAP_UNREAD_BYTES_MOST (1u << 20)   /* … and by when it has had its time in any case */
#define ANSWER_WITHIN_USEC    (60ULL * 1000000)
#define CAP_PINGS             64u /* that wait for an answer; a bus keeps 128 for a connection */
#define CAP_PINGS_PER_UID     8u

/* Accounts, whoever they are told by */
#define ACCOUNT_NAME_BYTES 255
#define CAP_CONF_BYTES     (64u << 10) /* of pomod.conf */
#define ACCOUNT_FILE_BYTES (4 << 20)   /* some 50,000 accounts; whoever is in a larger one is asked for */
#define CAP_ACCOUNTS_ASKED 4096u       /* answers of name services that are kept */

/* Plugins, and what the process around one may use */
#define CAP_PLUGIN_NAME_BYTES     32u
#define CAP_PLUGIN_VERSION_BYTES  64u
#define CAP_PLUGIN_SENTENCE_BYTES 512u /* of a plugin, and of each of its settings */
#define CAP_PLUGIN_SETTINGS       64u
#define CAP_PLUGIN_SETTING_BYTES  4096u /* of the struct, however far it has grown */
#define CAP_PLUGIN_KEY_BYTES      64u
#define CAP_PLUGIN_CHOICES        64u
#define CAP_PLUGIN_CHOICE_BYTES   64u
#define CAP_PLUGIN_CONF_BYTES     (64u << 10) /* of one file of root's standing settings */
#define CAP_PLUGIN_CONF_FILES     64u
#define CAP_PLUGIN_CONF_MISTAKES  16u /* that are told; what is wrong beyond them is left out as well */
#define HOST_DATA_BYTES           (256u << 20)
#define HOST_DESCRIPTORS          256u

/* Time */
#define CAP_EXTEND_USEC (4ULL * 3600 * 1000000)  /* what one interval can be extended by in all */
#define CAP_AGO_USEC    (24ULL * 3600 * 1000000) /* how far back a start can be dated */
#define SLICE_USEC      5000u                    /* long work yields to the loop after this */

/* A plugin's state folder */
#define CAP_HELD_BYTES      (32u << 20) /* of what a host holds; what is beyond could not be read again */
#define CAP_HELD_LIST_BYTES (8u << 20)  /* of the names of one list */
#define CAP_GIVEN_LIST_NAMES                                                                            \
        200000u /* of lists, that a plugin is given for one user: each claim and setting that names one \
                   counts. What is beyond does not engage, and a host leaves it out */
#define CAP_SAVED_BYTES     (1u << 20) /* of one file that a plugin saves */
#define CAP_SAVED_ALL_BYTES (8u << 20) /* … and of all */
#define CAP_SAVED_NAME      64u
#define CAP_FAILURE_BYTES   4096u /* of a sentence that is kept for the next start */
