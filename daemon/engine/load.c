/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/load.h"

#include <assert.h>
#include <errno.h>

#include "common/paths.h"
#include "daemon/engine/calendar.h"
#include "daemon/engine/claims.h"
#include "daemon/engine/grants.h"
#include "daemon/engine/lists.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/plugins.h"
#include "daemon/engine/running.h"
#include "daemon/engine/store-words.h"

/* What a user's store says of the machine, as of one that runs on the clocks of now. */
static int load_machine(User *user, Machine *ret_machine) {
        Machine machine, begun;
        int r = store_machine_load(user->store, &machine);

        if (r < 0)
                return r;
        if (machine.boot_id[0] == '\0') {
                begun = machine;
                machine_init(&machine, &user->engine->now);
                machine.next_id = begun.next_id;
                machine.epoch = begun.epoch;
                machine.newest_end_real_usec = begun.newest_end_real_usec;
        }
        *ret_machine = machine;
        return 0;
}

static void forget_what_was_derived(User *user) {
        user->today_known = false;
        user->next_usec = 0;
        user_calendar_forget_zone(user);
}

int user_load(User *user) {
        RuleSet rules;
        Machine machine;
        Settings settings;
        unsigned ignored = 0;
        uint64_t seq;
        int r;

        assert(user->store);
        r = load_machine(user, &machine);
        if (r == 0)
                r = store_settings_load(user->store, &settings, &ignored);
        if (r == 0)
                r = store_seq_load(user->store, &seq);
        if (r == 0)
                r = store_rules_load(user->store, &rules);
        if (r < 0)
                return r;
        if (ignored > 0)
                journal_warning("%s: %u settings of user %u make no sense any more and are left at their defaults",
                                user->call ?: "pomod", ignored, user->uid);

        user->restore.stale = true;
        user_outbox_drop_changes(user);
        user->machine = machine;
        user->settings = settings;
        user_calendar_adopt_rules(user, &rules);
        user->seq = MAX(seq, user->seq);
        user->just_started = true;
        forget_what_was_derived(user);
        replay_forget(&user->replay, user->seq);
        r = user_plugins_load(user);
        if (r == 0)
                r = user_lists_load(user);
        if (r == 0)
                r = user_grants_load(user);
        if (r == 0)
                r = user_claims_load(user);
        return r < 0 ? r : user_running_load_title(user);
}

int user_load_store(User *user, bool create) {
        StoreReport report = {};
        int r;

        if (user->store)
                return 0;
        if (create) {
                r = path_make_folder(user->folder);
                if (r < 0)
                        return r;
        }
        r = store_open(user->folder, geteuid(), user->account, create, user->engine->now.real_usec,
                        &user->store, &report);
        if (r < 0)
                return r;
        store_words_journal_report(user, &report);
        store_report_done(&report);
        r = user_load(user);
        if (r < 0 && r != -EUCLEAN)
                user->store = store_close(user->store);
        return r;
}
