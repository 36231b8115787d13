/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/days.h"
#include "clients/pomoctl/plan-days.h"
#include "clients/pomoctl/records.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/verb.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"

#define DAYS_MAX 366 /* each of them is a question */

/* ---- the plan ---- */

/* from_usec 0: of the whole day. */
static int capacity_ask(const Program *program, Date day, uint64_t from_usec, uint32_t *ret_pomodoros) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        char date[DAY_TEXT_MAX];

        return program_call(program, POMOD_INTERFACE_SCHEDULES, "Capacity",
                               CLIENT_OPTIONS(client_option_u64("from-realtime-usec", from_usec)), &reply,
                               "s", date_format(day, date))
                               ?: program_read(program, reply, "u", ret_pomodoros);
}

static int tasks_read(const Program *program, PlanDays *plan) {
        cleanup_(records_done) Records records =
                        records_ask(program, POMOD_INTERFACE_TASKS, "List", NULL, "");

        for (struct json_object *record; (record = records_next(&records));)
                plan_days_add(plan, record);
        plan_days_sort(plan);
        return records.status;
}

static int days_given(const Ctl *ctl, const char *text, Date *ret_first, Date *ret_last) {
        char sentence[TIMES_SENTENCE_MAX];
        int week_start = 1, r = 0;

        if (strstr(text, "week"))
                r = setting_week_start(&ctl->program, &week_start);
        if (r != 0)
                return r;
        if (days_parse(text, time(NULL), week_start, true, ret_first, ret_last, sentence) < 0)
                return ctl_no_argument(ctl, text, sentence);
        if (*ret_last - *ret_first >= DAYS_MAX)
                return ctl_usage(ctl, "'%.64s' are more than %d days", text, DAYS_MAX);
        return 0;
}

/* What is done of today, and what still fits: a pomodoro that runs has its place from its start on. */
static int today_ask(const Program *program, time_t now, PlanDays *plan) {
        cleanup_(timer_state_done) TimerState timer = {};
        uint64_t from_usec = (uint64_t) now * USEC_PER_SEC;

        if (client_get_timer(program->client, &timer) < 0)
                return program_failed(program);
        plan->done_today = timer.completed_today;
        if (plan->today < plan->first || plan->today > plan->last)
                return 0;
        if (timer.state == CLIENT_POMODORO)
                from_usec = timer.started_real_usec;
        return capacity_ask(program, plan->today, from_usec, &plan->fits_from_now);
}

static int verb_plan(Ctl *ctl, const Args *args) {
        cleanup_(plan_days_done) PlanDays plan = {};
        const Program *program = &ctl->program;
        time_t now = time(NULL);
        int r = program_use_zone(program)
                                ?: days_given(ctl, args->n_words > 0 ? args->words[0] : "today", &plan.first,
                                                   &plan.last);

        if (r != 0)
                return r;

        plan.today = day_of(now);
        plan.columns = ctl_columns();
        plan.capacities = memory_new(uint32_t, (size_t) (plan.last - plan.first) + 1);
        for (Date day = plan.first; day <= plan.last && r == 0; day++)
                r = capacity_ask(program, day, 0, &plan.capacities[day - plan.first]);
        r = r ?: tasks_read(program, &plan);
        r = r ?: today_ask(program, now, &plan);
        if (r != 0)
                return r;

        if (!program->json)
                plan_days_print(ctl, stdout, &plan);
        for (Date day = plan.first; program->json && day <= plan.last; day++)
                json_print_and_put(stdout, plan_days_json(&plan, day));
        return 0;
}

/* ---- capacity ---- */

static int capacity_show(const Ctl *ctl, Date day) {
        char text[DAY_TEXT_MAX];
        uint32_t pomodoros = 0;
        int r = capacity_ask(&ctl->program, day, 0, &pomodoros);

        if (r != 0)
                return r;
        if (ctl->program.json)
                json_say("st", "date", date_format(day, text), "pomodoros", (uint64_t) pomodoros);
        else
                printf("%s  %" PRIu32 "\n", day_label(day, text), pomodoros);
        return 0;
}

static int verb_plan_capacity(Ctl *ctl, const Args *args) {
        static const char *const today[] = { "today" };
        const char *const *words = args->n_words > 0 ? args->words : today;
        unsigned n = args->n_words > 0 ? args->n_words : 1;
        Date first, last;
        int r = program_use_zone(&ctl->program);

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

static int task_create(const Ctl *ctl, TaskArg *task, const char *date) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        uint64_t id;
        int r = program_call(&ctl->program, POMOD_INTERFACE_TASKS, "Add",
                                CLIENT_OPTIONS(client_option_text("project", task->project),
                                                client_option_text("plan-date", date)),
                                &reply, "s", task->title)
                                ?: program_read(&ctl->program, reply, "t", &id);

        if (r == 0)
                task_arg_say_created(ctl, task, id);
        return r;
}

static int task_plan(const Ctl *ctl, uint64_t id, const char *date) {
        return program_call(&ctl->program, POMOD_INTERFACE_TASKS, "Update",
                        CLIENT_OPTIONS(client_option_text("plan-date", date)), NULL, "t", id);
}

static void say(const Ctl *ctl, const TaskArg *task, const char *what, const char *date) {
        cleanup_free_ char *title = memory_safe_text(task->title);

        if (ctl->program.json)
                json_say(task->created ? "tst" : "ts", "id", task->id, "plan_date", date, "created_task",
                                task->id);
        else
                printf("%s #%" PRIu64 "%s%s%s%s\n", what, task->id, *title ? " " : "", title,
                                *date ? " for " : "", date);
}

static int verb_plan_add(Ctl *ctl, const Args *args) {
        cleanup_(task_arg_done) TaskArg task = {};
        char sentence[TIMES_SENTENCE_MAX], date[DAY_TEXT_MAX];
        cleanup_free_ char *text = NULL;
        Date day;
        int r;

        if (args->n_words < 2)
                return ctl_usage(ctl, "which task, and for which day?");
        r = program_use_zone(&ctl->program);
        if (r != 0)
                return r;
        if (day_parse(args->words[args->n_words - 1], time(NULL), &day, sentence) < 0)
                return ctl_usage(ctl, "%s", sentence);
        date_format(day, date);

        text = args_join(args, 0, args->n_words - 1);
        r = task_arg_read(ctl, text, args_value(args, "project"), &task) ?: task_arg_find(ctl, &task);
        r = r ?: task.id > 0 ? task_plan(ctl, task.id, date) : task_create(ctl, &task, date);
        if (r == 0)
                say(ctl, &task, "planned", date);
        return r;
}

static int verb_plan_remove(Ctl *ctl, const Args *args) {
        cleanup_free_ char *text = args_join(args, 0, ARGS_ALL);
        cleanup_(task_arg_done) TaskArg task = {};
        int r = task_arg_find_known(ctl, text, args_value(args, "project"), &task)
                                ?: task_plan(ctl, task.id, "");

        if (r == 0)
                say(ctl, &task, "no longer planned:", "");
        return r;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_plan[] = {
        { .name = "plan", .usage = "[DAYS]", .words = 1, .run = verb_plan,
          .brief = "show what is planned and what fits; also: add, remove, capacity",
          .sentence = "show what is planned beside what fits by the rules; alone: for today",
          .details = DETAILS("Of today, what is left is what still fits from now on."),
          .terms = DAYS_TERMS, .terms_title = "Days",
          .examples = ITEMS({ "pomoctl plan week", "is it too much?" }, ) },
        { .name = "plan capacity", .usage = "[DATE…]", .words = WORDS_ANY, .run = verb_plan_capacity,
          .sentence = "say how many pomodoros fit into a day by the rules",
          .details = DETAILS(DATE_WORDS_AHEAD),
          .examples = ITEMS({ "pomoctl plan capacity 2026-07-01 2026-07-02", "of two days" }, ) },
        { .name = "plan add", .usage = "TASK DATE [--project NAME]", .words = WORDS_ANY, .run = verb_plan_add,
          .sentence = "plan a task for a day; a title without a task is made one",
          .details = DETAILS(DATE_WORDS_AHEAD),
          .options = OPTIONS({ "project", "NAME", "the project of the task" }, ),
          .examples = ITEMS({ "pomoctl plan add Write report tomorrow", "for tomorrow" },
                          { "pomoctl plan add '#7' 2026-07-01", "by its id" }, ) },
        { .name = "plan remove", .usage = "TASK [--project NAME]", .words = WORDS_ANY, .run = verb_plan_remove,
          .sentence = "plan a task for no day",
          .options = OPTIONS({ "project", "NAME", "the project of the task" }, ),
          .examples = ITEMS({ "pomoctl plan remove Write report", "some other time" }, ) },
        {},
};
/* clang-format on */
