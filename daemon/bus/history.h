/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The methods of org.pomod.Pomod1.History that stand in files of their own: edits of the log, and backups. */

#include <systemd/sd-bus.h>

int history_method_add(sd_bus_message *message, void *userdata, sd_bus_error *error);
int history_method_edit(sd_bus_message *message, void *userdata, sd_bus_error *error);
int history_method_delete(sd_bus_message *message, void *userdata, sd_bus_error *error);
int history_method_undo(sd_bus_message *message, void *userdata, sd_bus_error *error);
int history_method_redo(sd_bus_message *message, void *userdata, sd_bus_error *error);

int history_method_backup(sd_bus_message *message, void *userdata, sd_bus_error *error);
int history_method_list_backups(sd_bus_message *message, void *userdata, sd_bus_error *error);
int history_method_restore(sd_bus_message *message, void *userdata, sd_bus_error *error);
