/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/interface.h"

#include <assert.h>
#include <string.h>

/* A list of arguments like "t generation, aa{sv} desired", taken apart one by one. */
typedef struct Arg {
        char *type, *name;
} Arg;

static GArray *args_split(const char *list) {
        GArray *args = g_array_new(FALSE, FALSE, sizeof(Arg));
        char **texts = g_strsplit(list ?: "", ", ", -1);

        for (char **text = texts; *text; text++) {
                const char *blank = strchr(*text, ' ');
                Arg arg;

                assert(blank);
                arg.type = g_strndup(*text, (size_t) (blank - *text));
                arg.name = g_strdup(blank + 1);
                g_array_append_val(args, arg);
        }
        g_strfreev(texts);
        return args;
}

static GArray *args_of_method(const Method *method) {
        GString *list = g_string_new(NULL);
        GArray *args;

        for (size_t i = 0; i < method->params.n; i++)
                if (param_bus_type(&method->params.rows[i]))
                        g_string_append_printf(list, "%s %s, ", param_bus_type(&method->params.rows[i]),
                                        method->params.rows[i].name);
        g_string_append(list, "a{sv} options");
        args = args_split(list->str);
        g_string_free(list, TRUE);
        return args;
}

static void args_free(GArray *args) {
        for (guint i = 0; i < args->len; i++) {
                g_free(g_array_index(args, Arg, i).type);
                g_free(g_array_index(args, Arg, i).name);
        }
        g_array_unref(args);
}

/* ---- for sd-bus ---- */

/* The types in a row; the names go into names, each with its own end. */
static const char *signature_of(GArray *args, GStringChunk *texts, GString *names) {
        GString *types = g_string_new(NULL);
        const char *signature;

        for (guint i = 0; i < args->len; i++) {
                const Arg *arg = &g_array_index(args, Arg, i);

                g_string_append(types, arg->type);
                g_string_append_len(names, arg->name, (gssize) strlen(arg->name) + 1);
        }
        signature = g_string_chunk_insert(texts, types->str);
        g_string_free(types, TRUE);
        args_free(args);
        return signature;
}

static const char *member_of(const Method *method) {
        return strchr(method->name, '.') + 1;
}

static sd_bus_vtable row_of_method(const Method *method, GStringChunk *texts) {
        GString *names = g_string_new(NULL);
        const char *in = signature_of(args_of_method(method), texts, names);
        const char *out = signature_of(args_split(method->answer), texts, names);
        const char *kept = g_string_chunk_insert_len(texts, names->str, (gssize) names->len);

        assert(method->handler && method->params.size <= METHOD_GIVEN_MAX);
        g_string_free(names, TRUE);
        return (sd_bus_vtable) SD_BUS_METHOD_WITH_NAMES_OFFSET(member_of(method), in, kept, out, ,
                        method_call, (size_t) method,
                        SD_BUS_VTABLE_UNPRIVILEGED | SD_BUS_VTABLE_ABSOLUTE_OFFSET);
}

static sd_bus_vtable row_of_signal(const Signal *signal, GStringChunk *texts) {
        GString *names = g_string_new(NULL);
        const char *types = signature_of(args_split(signal->args), texts, names);
        const char *kept = g_string_chunk_insert_len(texts, names->str, (gssize) names->len);

        g_string_free(names, TRUE);
        return (sd_bus_vtable) SD_BUS_SIGNAL_WITH_NAMES(signal->name, types, kept, 0);
}

sd_bus_vtable *interface_vtable_new(const Interface *interface, GStringChunk *texts) {
        const unsigned n = interface->n_properties + interface->n_methods + interface->n_signals;
        sd_bus_vtable *vtable = g_new0(sd_bus_vtable, n + 2), *row = vtable;

        assert(texts);
        *row++ = (sd_bus_vtable) SD_BUS_VTABLE_START(0);
        for (unsigned i = 0; i < interface->n_properties; i++) {
                const Property *property = &interface->properties[i];

                *row++ = (sd_bus_vtable) SD_BUS_PROPERTY(property->name, property->type, NULL,
                                property->offset,
                                property->constant ? SD_BUS_VTABLE_PROPERTY_CONST
                                                   : SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE);
        }
        for (unsigned i = 0; i < interface->n_methods; i++)
                *row++ = row_of_method(&interface->methods[i], texts);
        for (unsigned i = 0; i < interface->n_signals; i++)
                *row++ = row_of_signal(&interface->signals[i], texts);
        *row = (sd_bus_vtable) SD_BUS_VTABLE_END;
        return vtable;
}

/* ---- for those who introspect ---- */

/* Of every object of sd-bus, in its words. */
static const char document_begin[] =
                "<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\"\n"
                "\"https://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\">\n"
                "<node>\n"
                " <interface name=\"org.freedesktop.DBus.Peer\">\n"
                "  <method name=\"Ping\"/>\n"
                "  <method name=\"GetMachineId\">\n"
                "   <arg type=\"s\" name=\"machine_uuid\" direction=\"out\"/>\n"
                "  </method>\n"
                " </interface>\n"
                " <interface name=\"org.freedesktop.DBus.Introspectable\">\n"
                "  <method name=\"Introspect\">\n"
                "   <arg name=\"xml_data\" type=\"s\" direction=\"out\"/>\n"
                "  </method>\n"
                " </interface>\n"
                " <interface name=\"org.freedesktop.DBus.Properties\">\n"
                "  <method name=\"Get\">\n"
                "   <arg name=\"interface_name\" direction=\"in\" type=\"s\"/>\n"
                "   <arg name=\"property_name\" direction=\"in\" type=\"s\"/>\n"
                "   <arg name=\"value\" direction=\"out\" type=\"v\"/>\n"
                "  </method>\n"
                "  <method name=\"GetAll\">\n"
                "   <arg name=\"interface_name\" direction=\"in\" type=\"s\"/>\n"
                "   <arg name=\"props\" direction=\"out\" type=\"a{sv}\"/>\n"
                "  </method>\n"
                "  <method name=\"Set\">\n"
                "   <arg name=\"interface_name\" direction=\"in\" type=\"s\"/>\n"
                "   <arg name=\"property_name\" direction=\"in\" type=\"s\"/>\n"
                "   <arg name=\"value\" direction=\"in\" type=\"v\"/>\n"
                "  </method>\n"
                "  <signal name=\"PropertiesChanged\">\n"
                "   <arg type=\"s\" name=\"interface_name\"/>\n"
                "   <arg type=\"a{sv}\" name=\"changed_properties\"/>\n"
                "   <arg type=\"as\" name=\"invalidated_properties\"/>\n"
                "  </signal>\n"
                " </interface>\n";

static void args_print(GArray *args, const char *direction, GString *xml) {
        for (guint i = 0; i < args->len; i++)
                g_string_append_printf(xml, "   <arg type=\"%s\" name=\"%s\"%s/>\n",
                                g_array_index(args, Arg, i).type, g_array_index(args, Arg, i).name,
                                direction);
        args_free(args);
}

static void interface_print(const Interface *interface, GString *xml) {
        g_string_append_printf(xml, " <interface name=\"%s\">\n", interface->name);
        for (unsigned i = 0; i < interface->n_properties; i++) {
                const Property *property = &interface->properties[i];

                g_string_append_printf(xml, "  <property name=\"%s\" type=\"%s\" access=\"read\">\n",
                                property->name, property->type);
                if (property->constant)
                        g_string_append(xml,
                                        "   <annotation name=\"org.freedesktop.DBus.Property.EmitsChangedSignal\" value=\"const\"/>\n");
                g_string_append(xml, "  </property>\n");
        }
        for (unsigned i = 0; i < interface->n_methods; i++) {
                g_string_append_printf(xml, "  <method name=\"%s\">\n", member_of(&interface->methods[i]));
                args_print(args_of_method(&interface->methods[i]), " direction=\"in\"", xml);
                args_print(args_split(interface->methods[i].answer), " direction=\"out\"", xml);
                g_string_append(xml, "  </method>\n");
        }
        for (unsigned i = 0; i < interface->n_signals; i++) {
                g_string_append_printf(xml, "  <signal name=\"%s\">\n", interface->signals[i].name);
                args_print(args_split(interface->signals[i].args), "", xml);
                g_string_append(xml, "  </signal>\n");
        }
        g_string_append(xml, " </interface>\n");
}

char *interfaces_to_xml(const Interface *const *interfaces, size_t n, const char *node) {
        GString *xml = g_string_new(document_begin);

        for (size_t i = 0; i < n; i++)
                interface_print(interfaces[i], xml);
        if (node)
                g_string_append_printf(xml, " <node name=\"%s\"/>\n", node);
        g_string_append(xml, "</node>\n");
        return g_string_free(xml, FALSE);
}

/* ---- what only reads ---- */

bool interfaces_only_read(
                const Interface *const *interfaces, size_t n, const char *interface, const char *member) {
        for (size_t i = 0; i < n; i++) {
                if (interface && strcmp(interfaces[i]->name, interface) != 0)
                        continue;
                for (unsigned j = 0; j < interfaces[i]->n_methods; j++) {
                        const Method *method = &interfaces[i]->methods[j];

                        if (method->effect == WRITES && strcmp(member_of(method), member) == 0)
                                return false;
                }
        }
        return true;
}
