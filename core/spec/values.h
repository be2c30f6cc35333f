// SPDX-License-Identifier: GPL-3.0-or-later
// Between TOML values and the fields of an Experiment: internal to the room.
#pragma once

#include "spec/keys.h"
#include "spec/toml_tree.h"

namespace gradus::spec {

/// An error that belongs to a key and a place; the sentence comes without the file's name.
Error errorAt(Place place, std::string key, std::string sentence);

/// Sets the field of that key. The error's sentence names the key and says what it accepts.
Result<void> applyValue(Experiment& experiment, const KeyInfo& key, const Node& value);

/// The number of this key is drawn over the run: value is a curve as curveFrom reads it.
Result<void> drawOverRun(Experiment& experiment, const KeyInfo& key, const Node& value);
/// The key's number, as it now stands, is given once.
void giveOnce(Experiment& experiment, const KeyInfo& key);

/// The field's value as TOML in one line.
std::string fieldText(const Field& field);

/// A rung of a ladder of model folders: a path, or a table with the path and one of layers and adapter_rank.
Result<FolderRung> folderRungFrom(const KeyInfo& key, const Node& value);

/// Sources from [[signals.source]] tables or a list of inline ones.
Result<std::vector<SignalSource>> sourcesFrom(const KeyInfo& key, const Node& value);
/// The list of them as TOML in one line: name, kind, and what differs from the default.
std::string sourcesToml(const std::vector<SignalSource>& sources);

/// Whether a text may stand in tables and messages as it is: one line, no control characters, at most 4096 bytes.
bool isShowable(const std::string& text);

/// A curve from { keys = [...], interpolation = "..." }. dotted and the bounds come from the key.
Result<schedule::Curve> curveFrom(const KeyInfo& key, const Node& value);

} // namespace gradus::spec
