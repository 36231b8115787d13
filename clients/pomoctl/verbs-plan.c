/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/days.h"
#include "clients/pomoctl/plan-days.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/settings.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/verb.h"
#include "common/duration.h"
#include "common/names.h"

#define DAYS_MAX 366 /* each of them is a question */

/* ---- the plan ---- */

/* from_usec 0: of the whole day. */
static int capacity_ask(const Ctl *ctl, Date day, uint64_t from_usec, uint32_t *ret_pomodoros) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        char date[DAY_TEXT_MAX];
        int r;

        if (client_call(ctl->client, POMOD_INTERFACE_SCHEDULES, "Capacity", &reply, "sa{sv}",
                            date_format(day, date), from_usec > 0 ? 1 : 0, "from-realtime-usec", "t",
                            from_usec) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(reply, "u", ret_pomodoros);
        return r < 0 ? ctl_unreadable(ctl, r) : 0;
}

static int task_one(struct json_object *record, void *userdata) {
        return plan_days_add(userdata, record);
}

static int tasks_read(const Ctl *ctl, PlanDays *plan) {
        int r;

        r = record_each_task(ctl, false, NULL, task_one, plan);
        if (r == 0)
                plan_days_sort(plan);
        return r;
}

static int days_given(const Ctl *ctl, const char *text, Date *ret_first, Date *ret_last) {
        char sentence[TIMES_SENTENCE_MAX];
        int week_start = 1, r = 0;

        if (strstr(text, "week"))
                r = setting_week_start(ctl, &week_start);
        if (r != 0)
                return r;
        if (days_parse(text, time(NULL), week_start, true, ret_first, ret_last, sentence) < 0)
                return ctl_no_argument(ctl, text, sentence);
        if (*ret_last - *ret_first >= DAYS_MAX)
                return ctl_usage(ctl, "'%.64s' are more than %d days", text, DAYS_MAX);
        return 0;
}

/* What is done of today, and what still fits: a pomodoro that runs has its place from its start on. */
static int today_ask(const Ctl *ctl, time_t now, PlanDays *plan) {
        cleanup_(timer_state_done) TimerState timer = {};
        uint64_t from_usec = (uint64_t) now * USEC_PER_SEC;

        if (client_get_timer(ctl->client, &timer) < 0)
                return ctl_failed(ctl);
        plan->done_today = timer.completed_today;
        if (plan->today < plan->first || plan->today > plan->last)
                return 0;
        if (timer.state == CLIENT_POMODORO)
                from_usec = timer.started_real_usec;
        return capacity_ask(ctl, plan->today, from_usec, &plan->fits_from_now);
}

static int verb_plan(Ctl *ctl, const Args *args) {
        cleanup_(plan_days_done) PlanDays plan = {};
        time_t now = time(NULL);
        int r;

        r = ctl_use_zone(ctl);
        if (r == 0)
                r = days_given(ctl, args->n_words > 0 ? args->words[0] : "today", &plan.first, &plan.last);
        if (r != 0)
                return r;

        plan.today = day_of(now);
        plan.capacities = calloc((size_t) plan.last - (size_t) plan.first + 1, sizeof(*plan.capacities));
        if (!plan.capacities)
                return ctl_errno(ctl, -ENOMEM, "cannot show the plan");
        for (Date day = plan.first; day <= plan.last && r == 0; day++)
                r = capacity_ask(ctl, day, 0, &plan.capacities[day - plan.first]);
        if (r == 0)
                r = tasks_read(ctl, &plan);
        if (r == 0)
                r = today_ask(ctl, now, &plan);
        if (r != 0)
                return r;
        plan.columns = ctl_columns();

        if (!ctl->json) {
                plan_days_print(ctl, stdout, &plan);
                return 0;
        }
        for (Date day = plan.first; day <= plan.last; day++) {
                struct json_object *shape = plan_days_json(&plan, day);

                if (!shape)
                        return ctl_errno(ctl, -ENOMEM, "cannot show the plan");
                json_print_and_put(stdout, shape);
        }
        return 0;
}

/* ---- capacity ---- */

static int capacity_show(const Ctl *ctl, Date day) {
        char text[DAY_TEXT_MAX];
        uint32_t pomodoros = 0;
        int r;

        r = capacity_ask(ctl, day, 0, &pomodoros);
        if (r != 0)
                return r;
        if (ctl->json) {
                struct json_object *o = json_object_new_object();

                json_add_text(o, "date", date_format(day, text));
                json_object_object_add(o, "pomodoros", json_object_new_int64(pomodoros));
                json_print_and_put(stdout, o);
        } else
                printf("%s  %" PRIu32 "\n", day_label(day, text), pomodoros);
        return 0;
}

static int verb_plan_capacity(Ctl *ctl, const Args *args) {
        static const char *const today[] = { "today" };
        const char *const *words = args->n_words > 0 ? args->words : today;
        unsigned n = args->n_words > 0 ? args->n_words : 1;
        Date first, last;
        int r;

        r = ctl_use_zone(ctl);
        for (unsigned i = 0; i < n && r == 0; i++) /* all are read before the first is asked about */
                r = days_given(ctl, words[i], &first, &last);
        for (unsigned i = 0; i < n && r == 0; i++) {
                r = days_given(ctl, words[i], &first, &last);
                for (Date day = first; r == 0 && day <= last; day++)
                        r = capacity_show(ctl, day);
        }
        return r;
}

/* ---- add, remove ---- */

/* The task that the words name, or with known the one that has to be there. */
static int task_meant(const Ctl *ctl, const Args *args, unsigned n_words, bool known, TaskArg *ret_task) {
        const Args words = { .words = args->words, .n_words = n_words };
        const char *project = args_value(args, "project");
        cleanup_free_ char *text = NULL;

        int r;

        if (args_join(&words, 0, &text) < 0)
                return ctl_cannot_ask(ctl, -ENOMEM);
        if (known)
                return task_arg_find_known(ctl, text, project, ret_task);
        r = task_arg_read(ctl, text, project, ret_task);
        return r != 0 ? r : task_arg_find(ctl, ret_task);
}

static int task_create(const Ctl *ctl, TaskArg *task, const char *date) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        uint64_t id;
        int r;

        if (client_message_new(ctl->client, POMOD_INTERFACE_TASKS, "Add", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "s", task->title)) < 0 || (r = client_options_open(m)) < 0 ||
                        (r = client_option_string(m, "project", task->project)) < 0 ||
                        (r = client_option_string(m, "plan-date", date)) < 0 ||
                        (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        r = ctl_send_for_id(ctl, m, &id);
        if (r == 0)
                task_arg_say_created(ctl, task, id);
        return r;
}

static int task_plan(const Ctl *ctl, uint64_t id, const char *date) {
        int r;

        r = client_call(ctl->client, POMOD_INTERFACE_TASKS, "Update", NULL, "ta{sv}", id, 1, "plan-date", "s",
                        date);
        return r < 0 ? ctl_failed(ctl) : 0;
}

static void say(const Ctl *ctl, const TaskArg *task, const char *what, const char *date) {
        cleanup_free_ char *title = ctl_text(task->title);

        if (ctl->json) {
                struct json_object *o = json_object_new_object();

                json_object_object_add(o, "id", json_object_new_uint64(task->id));
                json_add_text(o, "plan_date", date);
                if (task->created)
                        json_object_object_add(o, "created_task", json_object_new_uint64(task->id));
                json_print_and_put(stdout, o);
        } else
                printf("%s #%" PRIu64 "%s%s%s%s\n", what, task->id, *title ? " " : "", title,
                                *date ? " for " : "", date);
}

static int verb_plan_add(Ctl *ctl, const Args *args) {
        cleanup_(task_arg_done) TaskArg task = {};
        char sentence[TIMES_SENTENCE_MAX], date[DAY_TEXT_MAX];
        Date day;
        int r;

        if (args->n_words < 2)
                return ctl_usage(ctl, "which task, and for which day?");
        r = ctl_use_zone(ctl);
        if (r != 0)
                return r;
        if (day_parse(args->words[args->n_words - 1], time(NULL), &day, sentence) < 0)
                return ctl_usage(ctl, "%s", sentence);
        date_format(day, date);

        r = task_meant(ctl, args, args->n_words - 1, false, &task);
        if (r != 0)
                return r;
        if (task.id > 0)
                r = task_plan(ctl, task.id, date);
        else
                r = task_create(ctl, &task, date);
        if (r == 0)
                say(ctl, &task, "planned", date);
        return r;
}

static int verb_plan_remove(Ctl *ctl, const Args *args) {
        cleanup_(task_arg_done) TaskArg task = {};
        int r;

        r = task_meant(ctl, args, args->n_words, true, &task);
        if (r == 0)
                r = task_plan(ctl, task.id, "");
        if (r == 0)
                say(ctl, &task, "no longer planned:", "");
        return r;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_plan[] = {
        {
                .name = "plan",
                .brief = "show what is planned and what fits; also: add, remove, capacity",
                .usage = "[DAYS]",
                .words = 1,
                .sentence = "show what is planned beside what fits by the rules; alone: for today",
                .details = DETAILS("Of today, what is left is what still fits from now on."),
                .terms = DAYS_TERMS,
                .terms_title = "Days",
                .examples = ITEMS({ "pomoctl plan week", "is it too much?" }, ),
                .run = verb_plan,
        },
        {
                .name = "plan capacity",
                .usage = "[DATE…]",
                .words = WORDS_ANY,
                .sentence = "say how many pomodoros fit into a day by the rules",
                .details = DETAILS(DATE_WORDS_AHEAD),
                .examples = ITEMS({ "pomoctl plan capacity 2026-07-01 2026-07-02", "of two days" }, ),
                .run = verb_plan_capacity,
        },
        {
                .name = "plan add",
                .usage = "TASK DATE [--project NAME]",
                .words = WORDS_ANY,
                .sentence = "plan a task for a day; a title without a task is made one",
                .details = DETAILS(DATE_WORDS_AHEAD),
                .options = OPTIONS({ "project", "NAME", "the project of the task" }, ),
                .examples = ITEMS({ "pomoctl plan add Write report tomorrow", "for tomorrow" },
                                { "pomoctl plan add '#7' 2026-07-01", "by its id" }, ),
                .run = verb_plan_add,
        },
        {
                .name = "plan remove",
                .usage = "TASK [--project NAME]",
                .words = WORDS_ANY,
                .sentence = "plan a task for no day",
                .options = OPTIONS({ "project", "NAME", "the project of the task" }, ),
                .examples = ITEMS({ "pomoctl plan remove Write report", "some other time" }, ),
                .run = verb_plan_remove,
        },
        {},
};
/* clang-format on */
