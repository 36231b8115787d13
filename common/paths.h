/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Where things are kept, and helpers found: XDG folders and paths relative to the running program. */

/* $XDG_STATE_HOME/pomod or ~/.local/state/pomod. -ENOENT with neither HOME nor XDG_STATE_HOME, -ENOMEM. */
int path_state_home(char **ret_path);

/* A folder and all above it, created 0700 where missing. A negative errno. */
int path_make_folder(const char *path);
