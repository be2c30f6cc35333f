// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a parsed template over variables: internal to the room.
#pragma once

#include "chat/syntax.h"

#include <span>
#include <string>
#include <vector>

namespace gradus::chat {

/// What a call, filter or test was given beside its subject.
struct Arguments
{
    std::vector<Value> values = {};
    std::vector<std::pair<std::string, Value>> named = {};

    /// The place-th, else the one of that name, else nothing.
    const Value* find(std::size_t place, std::string_view name) const;
};

/// The text, or a Fault with its line.
std::string runTemplate(const std::vector<Statement>& statements, const Map& variables);

/// Filters, tests and methods of values, each refused by its name where we have none.
Value applyFilter(const std::string& name, const Value& subject, const Arguments& arguments, Budget& budget);
bool applyTest(const std::string& name, const Value& subject, const Arguments& arguments, Budget& budget);
Value callMethod(const Value& subject, const std::string& name, const Arguments& arguments, Budget& budget);
/// subject.name or subject["name"]; undefined where there is none.
Value memberOf(const Value& subject, const std::string& name);
/// What a loop goes over: items, keys or characters.
std::vector<Value> itemsOf(const Value& subject, Budget& budget);
bool contains(const Value& container, const Value& item, Budget& budget);
Value binaryResult(const std::string& sign, const Value& left, const Value& right, Budget& budget);
Value sliceOf(const Value& subject, std::span<const Value* const, 3> bounds, Budget& budget);

} // namespace gradus::chat
