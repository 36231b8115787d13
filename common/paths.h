/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Where things are kept, and helpers found: XDG folders and paths relative to the running program. */

/* $XDG_STATE_HOME/pomod or ~/.local/state/pomod. -ENOENT with neither HOME nor XDG_STATE_HOME, -ENOMEM. */
int path_state_home(char **ret_path);

/* $XDG_DATA_HOME/pomod or ~/.local/share/pomod; as above. */
int path_data_home(char **ret_path);

/* A path from the folder of the running program, wherever it was installed. A negative errno. */
int path_from_program(const char *below, char **ret_path);

/* A folder and all above it, created 0700 where missing. A negative errno. */
int path_make_folder(const char *path);
