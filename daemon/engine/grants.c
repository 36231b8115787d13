/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/grants.h"

#include <assert.h>

static bool is_felt(void *userdata, const char *plugin, const char *key) {
        const EngineConfig *config = &((User *) userdata)->engine->config;

        return config->is_felt(config->userdata, plugin, key);
}

static bool is_category(void *userdata, const char *name) {
        const EngineConfig *config = &((User *) userdata)->engine->config;

        return config->is_category(config->userdata, name);
}

/* Whose name is not known is granted nothing. */
static bool is_granted_all(void *userdata) {
        const User *user = userdata;
        const EngineConfig *config = &user->engine->config;

        return user->account && config->is_granted_all(config->userdata, user->account);
}

int user_grants_load(User *user) {
        Grants *grants = grants_new();
        int r;

        assert(user->store);
        r = store_grants_load(user->store, grants);
        if (r < 0) {
                grants_free(grants);
                return r;
        }
        user_grants_done(user);
        user->grants = grants;
        user->consent = (Consent){
                .grants = grants,
                .is_felt = is_felt,
                .is_category = is_category,
                .is_granted_all = is_granted_all,
                .userdata = user,
        };
        return 0;
}

void user_grants_done(User *user) {
        user->grants = grants_free(user->grants);
        user->consent = (Consent){};
}

const Consent *user_grants_consent(const User *user) {
        return user->engine->config.is_felt && user->grants ? &user->consent : NULL;
}
