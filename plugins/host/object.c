/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/object.h"

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugins/host/sentence.h"

#define PAGE_MOST    (64u << 10)
#define OBJECT_BYTES (1ULL << 40) /* no object has as many in memory; a damaged header may say so */

/* The linker puts it at the first byte of this program: what it says of the processor is what can be loaded.
 */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

static const struct {
        uint16_t machine;
        const char *name;
} machines[] = {
        { EM_386, "i386" },
        { EM_X86_64, "x86-64" },
        { EM_ARM, "ARM" },
        { EM_AARCH64, "AArch64" },
        { EM_RISCV, "RISC-V" },
        { EM_PPC64, "64-bit PowerPC" },
        { EM_S390, "S/390" },
        { EM_MIPS, "MIPS" },
        { EM_LOONGARCH, "LoongArch" },
};

static const char *machine_name(uint16_t machine) {
        for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
                if (machines[i].machine == machine)
                        return machines[i].name;
        return "one that it has no name for";
}

/* The header of a file for another processor may lie the other way round. */
static uint16_t machine_of(const ElfW(Ehdr) * header) {
        bool swapped = header->e_ident[EI_DATA] != __ehdr_start.e_ident[EI_DATA];

        return swapped ? (uint16_t) (header->e_machine << 8 | header->e_machine >> 8) : header->e_machine;
}

/* Up to size bytes at an offset; fewer where the file ends. */
static int read_at(int fd, uint64_t offset, void *buf, size_t size, size_t *ret_n) {
        size_t n = 0;

        while (n < size) {
                ssize_t part = pread(fd, (char *) buf + n, size - n, (off_t) (offset + n));

                if (part < 0 && errno != EINTR)
                        return -errno;
                if (part == 0)
                        break;
                if (part > 0)
                        n += (size_t) part;
        }
        *ret_n = n;
        return 0;
}

static int check_processor(const ElfW(Ehdr) * header, const char *path, char **ret_sentence) {
        const ElfW(Ehdr) *own = &__ehdr_start;

        if (header->e_ident[EI_CLASS] != own->e_ident[EI_CLASS] ||
                        header->e_ident[EI_DATA] != own->e_ident[EI_DATA] ||
                        header->e_machine != own->e_machine)
                return sentence_set(ret_sentence, -ENOEXEC,
                                "%s is built for another processor, %s with %s bits; this host is for %s with %s",
                                path, machine_name(machine_of(header)),
                                header->e_ident[EI_CLASS] == ELFCLASS64 ? "64" : "32",
                                machine_name(own->e_machine),
                                own->e_ident[EI_CLASS] == ELFCLASS64 ? "64" : "32");
        return 0;
}

static int check_type(const ElfW(Ehdr) * header, const char *path, char **ret_sentence) {
        const char *what = header->e_type == ET_REL    ? "an object file; link it with -shared"
                           : header->e_type == ET_EXEC ? "a program; link it with -shared"
                           : header->e_type == ET_CORE ? "a core dump"
                           : header->e_type != ET_DYN  ? "an ELF file of an unknown type"
                                                       : NULL;

        if (what)
                return sentence_set(ret_sentence, -ENOEXEC, "%s is no shared object: it is %s", path, what);
        return 0;
}

/* Where so many bytes end; what a header says may be anything. */
static uint64_t end_of(uint64_t offset, uint64_t n) {
        return offset > UINT64_MAX - n ? UINT64_MAX : offset + n;
}

/* What lies over the part before it, or within whatever else this process has, is mapped there all the same.
 */
static bool follows(const ElfW(Phdr) * segment, uint64_t *end) {
        if (segment->p_vaddr < *end || segment->p_memsz < segment->p_filesz)
                return false;
        *end = end_of(segment->p_vaddr, segment->p_memsz);
        return *end < OBJECT_BYTES;
}

/* How far the parts reach. */
typedef struct Reach {
        uint64_t file;    /* bytes that the file has to have */
        uint64_t memory;  /* where the last part ends that is mapped */
        uint64_t changed; /* where that ends which the linker changes afterwards */
} Reach;

static uint64_t farther(uint64_t a, uint64_t b) {
        return a > b ? a : b;
}

static bool take_segment(const ElfW(Phdr) * segment, Reach *reach) {
        if (segment->p_type == PT_GNU_RELRO || segment->p_type == PT_DYNAMIC)
                reach->changed = farther(reach->changed, end_of(segment->p_vaddr, segment->p_memsz));
        if (segment->p_type != PT_LOAD)
                return true;
        reach->file = farther(reach->file, end_of(segment->p_offset, segment->p_filesz));
        return follows(segment, &reach->memory);
}

/* Bytes that are mapped and beyond the end of the file end the process with SIGBUS when they are touched. */
static int check_whole(int fd, const ElfW(Ehdr) * header, const char *path, char **ret_sentence) {
        Reach reach = { .file = end_of(header->e_phoff, header->e_phnum * sizeof(ElfW(Phdr))) };
        bool is_sound = true;
        uint64_t size;
        struct stat st;

        if (fstat(fd, &st) < 0)
                return -errno;
        size = (uint64_t) st.st_size;
        if (header->e_phentsize != sizeof(ElfW(Phdr)) || header->e_phnum == 0)
                return sentence_set(ret_sentence, -ENOEXEC,
                                "%s has an ELF header, and nothing behind it that can be loaded", path);

        for (unsigned i = 0; i < header->e_phnum && is_sound && reach.file <= size; i++) {
                ElfW(Phdr) segment;
                size_t n = 0;
                int r;

                r = read_at(fd, header->e_phoff + i * sizeof(segment), &segment, sizeof(segment), &n);
                if (r < 0)
                        return r;
                is_sound = n == sizeof(segment) && take_segment(&segment, &reach);
        }
        if (reach.file > size)
                return sentence_set(ret_sentence, -ENOEXEC,
                                "%s is cut off: it has %" PRIu64 " bytes of at least %" PRIu64
                                "; install it again",
                                path, size, reach.file);
        /* Linkers fill the last page up. */
        if (!is_sound || reach.changed > reach.memory + PAGE_MOST)
                return sentence_set(ret_sentence, -ENOEXEC,
                                "%s is damaged: what its headers say lies over each other; install it again",
                                path);
        return 0;
}

int object_check(int fd, const char *path, char **ret_sentence) {
        ElfW(Ehdr) header = {};
        size_t n = 0;
        int r;

        r = read_at(fd, 0, &header, sizeof(header), &n);
        if (r < 0)
                return r;
        if (n < SELFMAG || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
                return sentence_set(ret_sentence, -ENOEXEC,
                                "%s is no ELF file, so that it is no plugin; gcc -shared -fPIC makes one",
                                path);
        /* Of 32 bits the header is shorter, and all that is looked at lies where it does in both. */
        if (n < sizeof(Elf32_Ehdr))
                return sentence_set(ret_sentence, -ENOEXEC,
                                "%s is cut off within its ELF header; install it again", path);
        r = check_processor(&header, path, ret_sentence);
        if (r == 0)
                r = check_type(&header, path, ret_sentence);
        if (r == 0 && n < sizeof(header))
                r = sentence_set(ret_sentence, -ENOEXEC,
                                "%s is cut off within its ELF header; install it again", path);
        return r == 0 ? check_whole(fd, &header, path, ret_sentence) : r;
}
