/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "plugins/host/held-file.h"
#include "plugins/host/sha256.h"
#include "tests/unit/check.h"

static void fill(Held *held) {
        HeldClaim *claim;

        held_init(held);
        held_text(&held->bus, "system");
        held_text(&held->store, "/var/lib/pomod");
        held->generation = 1234567890123456789;
        memcpy(held->boot_id, "0b", 3);
        memcpy(held->pomod_boot_id, "0c", 3);
        held_pairs_add(&held->standing, "sound", "no");
        for (uint32_t uid = 1000; uid < 1002; uid++) {
                claim = held_claims_add(&held->claims, uid, 7);
                held_text(&claim->profile, "d\"ép\\");
                held_text(&claim->lock, "delay 10m");
                held_text(&claim->source, "rule");
                claim->end = (HeldEnd){ 11, 22, 33, true, uid == 1001 };
                claim->release_boottime_usec = 44;
                claim->rests_until_boottime_usec = UINT64_MAX;
                claim->gone = uid == 1001;
                held_pairs_add(&claim->settings, "block", "reddit.com;@mine");
                held_pairs_add(&claim->lists, "mine", "00");
        }
}

static int read_text(const char *text, size_t size, char **ret_sentence) {
        Held held;
        int r = held_file_read(text, size, &held, ret_sentence);

        if (r == 0)
                held_clear(&held);
        return r;
}

static void test_round(void) {
        cleanup_free_ char *text = NULL, *again = NULL;
        size_t size, again_size;
        Held held, back;
        const HeldClaim *claim;

        fill(&held);
        text = held_file_write(&held, &size);
        g_assert_cmpint(held_file_read(text, size, &back, NULL), ==, 0);
        again = held_file_write(&back, &again_size);
        CHECK_STR(__LINE__, again, text);
        CHECK_STR(__LINE__, back.bus, "system");
        CHECK_STR(__LINE__, back.boot_id, "0b");
        CHECK_INT(__LINE__, back.claims.n, 2);
        claim = &back.claims.list[1];
        CHECK_STR(__LINE__, claim->profile, "d\"ép\\");
        CHECK_INT(__LINE__, claim->end.realtime_usec, 22);
        CHECK(__LINE__, claim->end.firm && claim->end.carried && claim->gone);
        CHECK(__LINE__, claim->rests_until_boottime_usec == UINT64_MAX);
        CHECK_STR(__LINE__, held_pairs_get(&claim->lists, "mine"), "00");
        CHECK_STR(__LINE__, held_pairs_get(&back.standing, "sound"), "no");
        held_clear(&back);
        held_clear(&held);
}

/* Whoever reads it waits for pomod as long as whoever found the other boot, until pomod was heard. */
static void test_other_boot(void) {
        const HeldNow now = { 1, 1, false, "0d" };

        for (unsigned heard = 0; heard < 2; heard++) {
                cleanup_free_ char *text = NULL;
                HeldAnswer answer = { .generation = 1 };
                size_t size;
                Held held, back;

                fill(&held);
                g_assert_true(held_follow(&held, &now));
                if (heard)
                        g_assert_cmpint(held_merge(&held, &answer), ==, 1);
                text = held_file_write(&held, &size);
                g_assert_cmpint(held_file_read(text, size, &back, NULL), ==, 0);
                CHECK(__LINE__, back.other_boot == !heard);
                CHECK(__LINE__, !held_follow(&back, &now));
                CHECK_INT(__LINE__, held_wait_usec(&back), heard ? HELD_ANSWER_USEC : HELD_BOOT_USEC);
                held_clear(&back);
                held_clear(&held);
        }
}

/* Whatever was cut off, and whatever byte was changed, it is not read. */
static void test_torn(void) {
        cleanup_free_ char *text = NULL;
        size_t size;
        Held held;

        fill(&held);
        text = held_file_write(&held, &size);
        for (size_t n = 0; n < size; n++) {
                cleanup_free_ char *sentence = NULL;

                g_assert_cmpint(read_text(text, n, &sentence), ==, -EBADMSG);
                g_assert_nonnull(sentence);
                text[n] ^= 1;
                g_assert_cmpint(read_text(text, size, NULL), ==, -EBADMSG);
                text[n] ^= 1;
        }
        g_assert_cmpint(read_text(text, size, NULL), ==, 0);
        held_clear(&held);
}

static size_t count_legible(const char *text, size_t size, bool *ret_of_boot) {
        HeldClaims claims = {};
        size_t n;

        *ret_of_boot = held_file_read_legible(text, size, "0b", &claims);
        n = claims.n;
        for (size_t i = 0; i < n; i++)
                g_assert_cmpuint(claims.list[i].uid, ==, 1000 + i);
        held_claims_clear(&claims);
        return n;
}

/* Wherever it was cut off, the claims before that are legible; and where a byte is nonsense, all but one. */
static void test_legible(void) {
        cleanup_free_ char *text = NULL;
        size_t size, ends[2];
        HeldClaims claims = {};
        bool of_boot;
        Held held;

        fill(&held);
        text = held_file_write(&held, &size);
        ends[0] = (size_t) (strstr(text, ",{\"uid\":1001") - text);
        ends[1] = (size_t) (strstr(text, "]}\n") - text);
        for (size_t n = 0; n < size; n++) {
                CHECK_INT(__LINE__, count_legible(text, n, &of_boot), (n >= ends[0]) + (n >= ends[1]));
                CHECK(__LINE__, of_boot || n < ends[0]);
        }
        for (size_t n = 0; n < ends[0]; n++) {
                const char was = text[n];
                size_t before = claims.n;

                text[n] = '\0';
                (void) held_file_read_legible(text, size, "0c", &claims);
                text[n] = was;
                CHECK(__LINE__, claims.n >= MAX(before, 1) && held_claims_find(&claims, 1001, 7));
        }
        CHECK_STR(__LINE__, held_claims_find(&claims, 1000, 7)->profile, "d\"ép\\");
        CHECK(__LINE__, !held_file_read_legible(text, size, "0c", &claims));
        held_claims_clear(&claims);
        held_clear(&held);
}

/* With a right digest, and yet not what we write. */
static void test_nonsense(void) {
        static const struct {
                int line;
                const char *json;
                int want;
        } rows[] = {
                { __LINE__, "", -EBADMSG },
                { __LINE__, "[]", -EBADMSG },
                { __LINE__, "{}", -EBADMSG },
                { __LINE__, "{\"format\":0}", -EBADMSG },
                { __LINE__, "{\"format\":\"2\"}", -EBADMSG },
                { __LINE__, "{\"format\":1}", -EBADMSG },
                { __LINE__, "{\"format\":2}", -EPROTONOSUPPORT },
                { __LINE__, "{\"format\":18446744073709551615,\"claims\":5}", -EPROTONOSUPPORT },
                { __LINE__, "{\"format\":1,\"bus\":\"\",\"store\":\"\",\"boot\":\"\",\"pomod-boot\":\"\",\"generation\":0,\"other-boot\":false,\"standing\":[],\"claims\":[]}",
                                0 },
                { __LINE__, "{\"format\":1,\"bus\":\"\",\"store\":\"\",\"boot\":\"\",\"pomod-boot\":\"\",\"generation\":-1,\"other-boot\":false,\"standing\":[],\"claims\":[]}",
                                -EBADMSG },
                { __LINE__, "{\"format\":1,\"bus\":\"\",\"store\":\"\",\"boot\":\"\",\"pomod-boot\":\"\",\"generation\":0,\"other-boot\":false,\"standing\":[[\"a\"]],\"claims\":[]}",
                                -EBADMSG },
                { __LINE__, "{\"format\":1,\"bus\":\"\",\"store\":\"\",\"boot\":\"\",\"pomod-boot\":\"\",\"generation\":0,\"other-boot\":false,\"standing\":[],\"claims\":[{\"uid\":4294967296,\"id\":1}]}",
                                -EBADMSG },
                { __LINE__, "{\"format\":1,\"bus\":\"a\\u0000b\",\"store\":\"\",\"boot\":\"\",\"pomod-boot\":\"\",\"generation\":0,\"other-boot\":false,\"standing\":[],\"claims\":[]}",
                                -EBADMSG },
                { __LINE__, "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", -EBADMSG },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                cleanup_free_ char *sentence = NULL;
                g_autofree char *line = g_strconcat(rows[i].json, "\n", NULL), *text = NULL;
                char digest[SHA256_HEX_MAX];

                text = g_strconcat(line, sha256_hex(line, strlen(line), digest), "\n", NULL);
                CHECK_INT(rows[i].line, read_text(text, strlen(text), &sentence), rows[i].want);
                CHECK(rows[i].line, (sentence != NULL) == (rows[i].want != 0));
                if (rows[i].want == -EPROTONOSUPPORT)
                        CHECK(rows[i].line, strstr(sentence, "newer pomod") != NULL);
        }
}

/* GLib has a second opinion on every length of a block and more. */
static void test_sha256(void) {
        char data[200], digest[SHA256_HEX_MAX];

        for (size_t n = 0; n < sizeof(data); n++) {
                g_autofree char *want = NULL;

                data[n] = (char) (n * 7);
                want = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *) data, n);
                g_assert_cmpstr(sha256_hex(data, n, digest), ==, want);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/held-file/there and back", test_round);
        g_test_add_func("/held-file/another boot", test_other_boot);
        g_test_add_func("/held-file/torn", test_torn);
        g_test_add_func("/held-file/legible", test_legible);
        g_test_add_func("/held-file/nonsense", test_nonsense);
        g_test_add_func("/held-file/digests", test_sha256);
        return g_test_run();
}
