/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/plan-days.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/wrap.h"
#include "common/text.h"

void plan_days_done(PlanDays *plan) {
        for (size_t i = 0; i < plan->n_tasks; i++)
                json_object_put(plan->tasks[i].record);
        free(plan->tasks);
        free(plan->capacities);
        *plan = (PlanDays){};
}

void plan_days_add(PlanDays *plan, struct json_object *record) {
        uint64_t estimate = record_u64(record, "Estimate"), used = record_u64(record, "Used");
        char sentence[TIMES_SENTENCE_MAX];
        Date day;

        if (record_bool(record, "Done") || !*record_text(record, "PlanDate") ||
                        day_parse(record_text(record, "PlanDate"), 0, &day, sentence) < 0)
                return;
        if (day < plan->first || day > plan->last) {
                plan->n_earlier += day < plan->today;
                return;
        }

        plan->tasks = memory_reserve(
                        plan->tasks, plan->n_tasks + 1, &plan->n_allocated, sizeof(*plan->tasks));
        plan->tasks[plan->n_tasks++] = (PlanTask){
                .record = json_object_get(record), .day = day, .needs = estimate > used ? estimate - used : 0
        };
}

static int compare_tasks(const void *a, const void *b) {
        const PlanTask *x = a, *y = b;
        const char *p = record_text(x->record, "Project"), *q = record_text(y->record, "Project");
        uint64_t i = record_u64(x->record, "Id"), j = record_u64(y->record, "Id");

        if (x->day != y->day)
                return x->day < y->day ? -1 : 1;
        if (strcmp(p, q) != 0) /* those of no project come last */
                return !*p ? 1 : !*q ? -1 : strcmp(p, q);
        return (i > j) - (i < j);
}

void plan_days_sort(PlanDays *plan) {
        if (plan->n_tasks > 0)
                qsort(plan->tasks, plan->n_tasks, sizeof(*plan->tasks), compare_tasks);
}

uint64_t plan_days_planned(const PlanDays *plan, Date day, unsigned *ret_without) {
        uint64_t planned = 0;
        unsigned without = 0;

        for (size_t i = 0; i < plan->n_tasks; i++)
                if (plan->tasks[i].day == day) {
                        planned += plan->tasks[i].needs;
                        without += record_u64(plan->tasks[i].record, "Estimate") == 0;
                }
        if (ret_without)
                *ret_without = without;
        return planned;
}

/* What is done of today has taken its place; what was done of a task is off its needs already. */
static uint32_t done_on(const PlanDays *plan, Date day) {
        return day == plan->today ? plan->done_today : 0;
}

/* A target may be reached while there is still time, and time may run out before. */
uint32_t plan_days_fits(const PlanDays *plan, Date day) {
        uint32_t capacity = plan->capacities[day - plan->first], done = done_on(plan, day);
        uint32_t not_done = capacity > done ? capacity - done : 0;

        if (day < plan->today)
                return 0;
        return day == plan->today && plan->fits_from_now < not_done ? plan->fits_from_now : not_done;
}

int64_t plan_days_left(const PlanDays *plan, Date day) {
        uint32_t fits = day < plan->today ? plan->capacities[day - plan->first] : plan_days_fits(plan, day);

        return (int64_t) fits - (int64_t) plan_days_planned(plan, day, NULL);
}

/* ---- for people ---- */

static void print_task(const Ctl *ctl, FILE *file, const PlanDays *plan, const PlanTask *task) {
        cleanup_free_ char *title = memory_safe_text(record_text(task->record, "Title")), *state = NULL;
        uint64_t estimate = record_u64(task->record, "Estimate"), used = record_u64(task->record, "Used");
        char id[24];

        if (estimate == 0)
                state = memory_copy("no estimate");
        else if (used == 0)
                state = memory_format("%" PRIu64, estimate);
        else if (used <= estimate)
                state = memory_format("%" PRIu64 " more, %" PRIu64 " of %" PRIu64 " done", task->needs, used,
                                estimate);
        else
                state = memory_format("%" PRIu64 " done, and %" PRIu64 " were estimated", used, estimate);

        snprintf(id, sizeof(id), "#%" PRIu64, record_u64(task->record, "Id"));
        fprintf(file, "    %s%s%s ", ctl_colour(ctl, COLOUR_DIM), id, ctl_colour(ctl, COLOUR_OFF));
        wrap_printf(file, 4 + strlen(id) + 1, 8, plan->columns, "%s: %s", title, state);
        fputc('\n', file);
}

static void print_tasks(const Ctl *ctl, FILE *file, const PlanDays *plan, Date day) {
        const char *before = NULL;

        for (size_t i = 0; i < plan->n_tasks; i++) {
                const char *project = record_text(plan->tasks[i].record, "Project");

                if (plan->tasks[i].day != day)
                        continue;
                if (!before || strcmp(before, project) != 0) {
                        cleanup_free_ char *safe = memory_safe_text(project);
                        uint64_t sum = 0;

                        for (size_t j = i; j < plan->n_tasks && plan->tasks[j].day == day; j++)
                                if (strcmp(record_text(plan->tasks[j].record, "Project"), project) == 0)
                                        sum += plan->tasks[j].needs;
                        fputs("  ", file);
                        wrap_printf(file, 2, 4, plan->columns, "%s: %" PRIu64, *safe ? safe : "no project",
                                        sum);
                        fputc('\n', file);
                        before = project;
                }
                print_task(ctl, file, plan, &plan->tasks[i]);
        }
}

/* What fits, what is planned and what is left, one behind the other. */
static char *numbers_make(const PlanDays *plan, Date day) {
        char *text = NULL;
        uint32_t capacity = plan->capacities[day - plan->first], done = done_on(plan, day);
        uint32_t fits = plan_days_fits(plan, day);
        int64_t left = plan_days_left(plan, day);
        unsigned without;
        uint64_t planned = plan_days_planned(plan, day, &without);

        if (capacity > 0)
                memory_append(&text, "· %" PRIu32 " fit by the rules", capacity);
        else
                memory_append(&text, "· no pomodoros by the rules");
        if (done > 0)
                memory_append(&text, " · %" PRIu32 " done", done);
        if (day == plan->today && fits + done < capacity)
                memory_append(&text, " · %" PRIu32 " still fit%s", fits, fits == 1 ? "s" : "");
        memory_append(&text, " · %" PRIu64 " planned", planned);
        if (day >= plan->today && left < 0)
                memory_append(&text, " · %" PRId64 " more than fit", -left);
        else if (day >= plan->today)
                memory_append(&text, " · %" PRId64 " left", left);
        if (without > 0)
                memory_append(&text, " · %u without an estimate", without);
        return text;
}

static void print_day(const Ctl *ctl, FILE *file, const PlanDays *plan, Date day) {
        bool too_much = day >= plan->today && plan_days_left(plan, day) < 0;
        cleanup_free_ char *numbers = numbers_make(plan, day);
        char label[DAY_TEXT_MAX];

        fprintf(file, "%s%s%s %s", ctl_colour(ctl, COLOUR_BOLD), day_label(day, label),
                        ctl_colour(ctl, COLOUR_OFF), ctl_colour(ctl, too_much ? COLOUR_WRONG : COLOUR_OFF));
        wrap_print(file, numbers, text_width(label) + 1, 4, plan->columns);
        fprintf(file, "%s\n", ctl_colour(ctl, COLOUR_OFF));
        print_tasks(ctl, file, plan, day);
}

/* A line below the days, of which the beginning stands out. */
static void print_sum(const Ctl *ctl, FILE *file, const PlanDays *plan, Colour colour, const char *title,
                const char *text) {
        fprintf(file, "%s%s%s", ctl_colour(ctl, colour), title, ctl_colour(ctl, COLOUR_OFF));
        wrap_print(file, text, strlen(title), 4, plan->columns);
        fputc('\n', file);
}

void plan_days_print(const Ctl *ctl, FILE *file, const PlanDays *plan) {
        uint64_t capacity = 0, planned = 0, over = 0, free_days = 0;
        char text[192];

        for (Date day = plan->first; day <= plan->last; day++) {
                int64_t left = plan_days_left(plan, day);

                print_day(ctl, file, plan, day);
                capacity += plan->capacities[day - plan->first];
                planned += plan_days_planned(plan, day, NULL);
                over += left < 0 && day >= plan->today ? (uint64_t) -left : 0;
                free_days += left > 0 && day >= plan->today ? (uint64_t) left : 0;
        }

        if (plan->last > plan->first) {
                snprintf(text, sizeof(text),
                                ": %" PRIu64 " fit · %" PRIu64 " planned · %" PRIu64 " left from today on",
                                capacity, planned, free_days);
                print_sum(ctl, file, plan, COLOUR_BOLD, "In all", text);
        }
        if (over > 0) {
                snprintf(text, sizeof(text), ": %" PRIu64 " pomodoro%s will not fit.%s", over,
                                over == 1 ? "" : "s",
                                free_days >= over && plan->last > plan->first
                                                ? " There is room on other days."
                                                : "");
                print_sum(ctl, file, plan, COLOUR_WRONG, "Too much is planned", text);
        }
        if (plan->n_earlier > 0) {
                snprintf(text, sizeof(text), "%u open task%s planned for earlier days; see: pomoctl task",
                                plan->n_earlier, plan->n_earlier == 1 ? " is" : "s are");
                print_sum(ctl, file, plan, COLOUR_OFF, "", text);
        }
}

/* ---- for scripts ---- */

struct json_object *plan_days_json(const PlanDays *plan, Date day) {
        struct json_object *o = json_new(), *tasks = json_object_new_array();
        unsigned without;
        uint64_t planned = plan_days_planned(plan, day, &without);
        char text[DAY_TEXT_MAX];

        json_add_text(o, "date", date_format(day, text));
        json_add_number(o, "capacity", plan->capacities[day - plan->first]);
        json_add_number(o, "planned", planned);
        json_add_number(o, "done", done_on(plan, day));
        json_add_number(o, "still_fits", plan_days_fits(plan, day));
        json_object_object_add(o, "left", json_object_new_int64(plan_days_left(plan, day)));
        json_add_number(o, "without_estimate", without);
        for (size_t i = 0; i < plan->n_tasks; i++) {
                struct json_object *task;

                if (plan->tasks[i].day != day)
                        continue;
                task = json_of_record(plan->tasks[i].record, JSON_MICROSECONDS);
                json_add_number(task, "needs", plan->tasks[i].needs);
                json_object_array_add(tasks, task);
        }
        json_object_object_add(o, "tasks", tasks);
        return o;
}
