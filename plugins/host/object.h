/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The headers of an ELF file, read before the linker maps it: it says "wrong ELF class" to people, and a file
 * that was cut off ends the process.
 */

/*
 * Whether this process can load it: a shared object, for this processor, and as long as its headers say. 0;
 * -ENOEXEC with a sentence that names path; a negative errno of reading. The descriptor's position is not
 * used.
 */
int object_check(int fd, const char *path, char **ret_sentence);
