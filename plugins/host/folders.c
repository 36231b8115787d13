/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/folders.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "plugins/host/files.h"
#include "plugins/host/state.h"

int folders_find(PlacesFunc places, Folders *ret_folders) {
        Folders folders = {};
        int r = -ENOENT;

        for (int system = geteuid() == 0; system >= 0; system--) {
                Places found;

                r = places(system, &found);
                if (r < 0)
                        continue;
                if (folders.n > 0 && strcmp(found.state_dir, folders.of[0].places.state_dir) == 0) {
                        places_clear(&found);
                        continue;
                }
                folders.of[folders.n].places = found;
                folders.of[folders.n++].system = system;
        }
        if (folders.n == 0)
                return r;
        *ret_folders = folders;
        return 0;
}

void folders_clear(Folders *folders) {
        for (size_t i = 0; i < folders->n; i++)
                places_clear(&folders->of[i].places);
        folders->n = 0;
}

typedef struct Each {
        const Places *places;
        bool system;
        FoldersFunc func;
        void *data;
} Each;

static int one(int folder_fd, const char *name, void *data) {
        const Each *each = data;

        return state_name_is_valid(name) ? each->func(each->places, each->system, name, each->data) : 0;
}

int folders_each(const Folders *folders, FoldersFunc func, void *data) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < folders->n; i++) {
                Each each = { &folders->of[i].places, folders->of[i].system, func, data };
                cleanup_close_ int fd = open(each.places->state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

                if (fd >= 0)
                        r = files_each(fd, one, &each);
        }
        return r;
}
