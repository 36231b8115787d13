/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What other programs of this computer are told by their files, which are read and never changed. */

/* The text of a file, the caller's to free(); NULL: there is none, or it is larger than any such file is. */
char *conf_read(const char *path);

/* The text of each file of a folder whose name ends like that, in the order of their names. */
void conf_each_file(const char *folder, const char *suffix, void (*func)(const char *text, void *data),
                void *data);

/* Each line, without its end, blanks around it and comments of whole lines. It may be written into. */
void conf_each_line(const char *text, void (*func)(char *line, void *data), void *data);

/* Each KEY=VALUE of a service of systemd, and of the drop-ins of its file, the one that wins last. */
void conf_each_setting(
                const char *name, void (*func)(const char *key, const char *value, void *data), void *data);
