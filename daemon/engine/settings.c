/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/settings.h"

#include <errno.h>
#include <string.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/publish.h"

int user_settings_request(User *user, const Request *request, Refusal *ret_refusal) {
        const SettingInfo *info = setting_find(request->name);
        const bool reset = request->type == REQUEST_SETTING_RESET;
        Settings settings = user->settings;
        char text[SETTING_TEXT_MAX];
        StoreWrite write;
        News news = {};
        int r;

        /* An unknown name has no default; settings_set() finds the words for it. */
        r = settings_set(&settings, request->name, reset && info ? info->default_text : request->text,
                        ret_refusal);
        if (r != 0)
                return r;
        r = settings_get(&settings, request->name, text);
        if (r < 0)
                return r;
        r = store_write_begin(user->store, &write);
        if (r < 0)
                return r;
        publish_add_now(user, &news, CHANGED_SETTINGS, HAPPENED_SETTINGS_CHANGED, 0);
        r = write_setting(&write, request->name, reset ? NULL : text);
        r = user_publish_stored(user, &write, r, &news);
        if (r < 0)
                return r;
        user->settings = settings;
        user_calendar_forget_zone(user);
        user_publish(user, &news);
        return 0;
}
