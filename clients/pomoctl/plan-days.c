/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/plan-days.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

int plan_days_add(PlanDays *plan, struct json_object *record) {
        uint64_t estimate = record_u64(record, "Estimate"), used = record_u64(record, "Used");
        char sentence[TIMES_SENTENCE_MAX];
        Date day;

        if (record_bool(record, "Done") || !*record_text(record, "PlanDate") ||
                        day_parse(record_text(record, "PlanDate"), 0, &day, sentence) < 0)
                return 0;
        if (day < plan->first || day > plan->last) {
                plan->n_earlier += day < plan->today;
                return 0;
        }

        if (plan->n_tasks == plan->n_allocated) {
                size_t n = plan->n_allocated ? 2 * plan->n_allocated : 16;
                PlanTask *more = reallocarray(plan->tasks, n, sizeof(*more));

                if (!more)
                        return -ENOMEM;
                plan->tasks = more;
                plan->n_allocated = n;
        }
        plan->tasks[plan->n_tasks++] = (PlanTask){
                .record = json_object_get(record), .day = day, .needs = estimate > used ? estimate - used : 0
        };
        return 0;
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
        cleanup_free_ char *title = ctl_text(record_text(task->record, "Title")), *state = NULL;
        uint64_t estimate = record_u64(task->record, "Estimate"), used = record_u64(task->record, "Used");
        char id[24];
        int r;

        if (estimate == 0)
                r = asprintf(&state, "no estimate");
        else if (used == 0)
                r = asprintf(&state, "%" PRIu64, estimate);
        else if (used <= estimate)
                r = asprintf(&state, "%" PRIu64 " more, %" PRIu64 " of %" PRIu64 " done", task->needs, used,
                                estimate);
        else
                r = asprintf(&state, "%" PRIu64 " done, and %" PRIu64 " were estimated", used, estimate);
        if (r < 0)
                state = NULL;

        snprintf(id, sizeof(id), "#%" PRIu64, record_u64(task->record, "Id"));
        fprintf(file, "    %s%s%s ", ctl_colour(ctl, COLOUR_DIM), id, ctl_colour(ctl, COLOUR_OFF));
        wrap_printf(file, 4 + strlen(id) + 1, 8, plan->columns, "%s: %s", title, state ?: "");
        fputc('\n', file);
}

static void print_tasks(const Ctl *ctl, FILE *file, const PlanDays *plan, Date day) {
        const char *before = NULL;

        for (size_t i = 0; i < plan->n_tasks; i++) {
                const char *project = record_text(plan->tasks[i].record, "Project");

                if (plan->tasks[i].day != day)
                        continue;
                if (!before || strcmp(before, project) != 0) {
                        cleanup_free_ char *safe = ctl_text(project);
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
static void print_numbers(FILE *file, const PlanDays *plan, Date day) {
        uint32_t capacity = plan->capacities[day - plan->first], done = done_on(plan, day);
        uint32_t fits = plan_days_fits(plan, day);
        int64_t left = plan_days_left(plan, day);
        unsigned without;
        uint64_t planned = plan_days_planned(plan, day, &without);

        if (capacity > 0)
                fprintf(file, "· %" PRIu32 " fit by the rules", capacity);
        else
                fprintf(file, "· no pomodoros by the rules");
        if (done > 0)
                fprintf(file, " · %" PRIu32 " done", done);
        if (day == plan->today && fits + done < capacity)
                fprintf(file, " · %" PRIu32 " still fit%s", fits, fits == 1 ? "s" : "");
        fprintf(file, " · %" PRIu64 " planned", planned);
        if (day >= plan->today && left < 0)
                fprintf(file, " · %" PRId64 " more than fit", -left);
        else if (day >= plan->today)
                fprintf(file, " · %" PRId64 " left", left);
        if (without > 0)
                fprintf(file, " · %u without an estimate", without);
}

static void print_day(const Ctl *ctl, FILE *file, const PlanDays *plan, Date day) {
        bool too_much = day >= plan->today && plan_days_left(plan, day) < 0;
        cleanup_free_ char *text = NULL;
        char label[DAY_TEXT_MAX];
        size_t n;
        FILE *numbers = open_memstream(&text, &n);

        fprintf(file, "%s%s%s ", ctl_colour(ctl, COLOUR_BOLD), day_label(day, label),
                        ctl_colour(ctl, COLOUR_OFF));
        if (numbers) {
                print_numbers(numbers, plan, day);
                if (fclose(numbers) == 0) {
                        fputs(ctl_colour(ctl, too_much ? COLOUR_WRONG : COLOUR_OFF), file);
                        wrap_print(file, text, text_width(label) + 1, 4, plan->columns);
                        fputs(ctl_colour(ctl, COLOUR_OFF), file);
                }
        }
        fputc('\n', file);
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
        struct json_object *o = json_object_new_object(), *tasks = json_object_new_array();
        unsigned without;
        uint64_t planned = plan_days_planned(plan, day, &without);
        char text[DAY_TEXT_MAX];

        if (!o || !tasks) {
                json_object_put(o);
                json_object_put(tasks);
                return NULL;
        }
        json_add_text(o, "date", date_format(day, text));
        json_object_object_add(o, "capacity", json_object_new_int64(plan->capacities[day - plan->first]));
        json_object_object_add(o, "planned", json_object_new_uint64(planned));
        json_object_object_add(o, "done", json_object_new_int64(done_on(plan, day)));
        json_object_object_add(o, "still_fits", json_object_new_int64(plan_days_fits(plan, day)));
        json_object_object_add(o, "left", json_object_new_int64(plan_days_left(plan, day)));
        json_object_object_add(o, "without_estimate", json_object_new_int64(without));
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
