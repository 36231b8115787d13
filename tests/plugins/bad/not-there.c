/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* The library that is missing when the plugin is loaded. */
int pomo_not_there(void);

int pomo_not_there(void) {
        return 0;
}
