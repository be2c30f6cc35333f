// SPDX-License-Identifier: GPL-3.0-or-later
// Alert rules from TOML: internal to the room.
#pragma once

#include "spec/alert_rules.h"
#include "spec/toml_tree.h"

namespace gradus::spec {

/// Of the list that [[alert]] tables make.
Result<std::vector<AlertRule>> alertTables(const Node& list);

} // namespace gradus::spec
