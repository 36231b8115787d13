/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <string.h>

int user_request_setting(User *user, const Request *request, Refusal *ret_refusal) {
        const SettingInfo *info = setting_find(request->name);
        const uint64_t seq = user->seq + 1;
        Settings settings = user->settings;
        char text[SETTING_TEXT_MAX];
        int r;

        /* An unknown name has no default; settings_set() finds the words for it. */
        r = settings_set(&settings, request->name,
                        request->type == REQUEST_SETTING_RESET && info ? info->default_text : request->text,
                        ret_refusal);
        if (r != 0)
                return r;
        r = settings_get(&settings, request->name, text);
        if (r < 0)
                return r;
        r = store_put_setting(user->store, request->name,
                        request->type == REQUEST_SETTING_RESET ? NULL : text, seq);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);

        user->settings = settings;
        user_forget_zone(user);
        user_announce_stored(user, CHANGED_SETTINGS, HAPPENED_SETTINGS_CHANGED, 0, seq);
        return 0;
}
