// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of experiment keys: it drives parsing, the canonical form, the forms of the window and `gradus check`.
#pragma once

#include "spec/experiment.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gradus::spec {

/// What ladder.architecture and a source's architecture may be; models::architectureOf has the same words.
inline const std::vector<std::string> kArchitectures{"attention", "recurrent", "convolutional"};

/// A key that takes one of its choices as text, or a list of model folders.
struct TextOrFolders
{
    std::string* text;             ///< listName when the list was given
    std::vector<FolderRung>* list; ///< empty when the text was given
    const char* listName;
};

/// A key that takes one of its choices as text, or a curve.
struct TextOrCurve
{
    std::string* text; ///< curveName when a curve was given
    schedule::Curve* curve;
    const char* curveName;
};

/// Where a key's value lives in an Experiment. The alternative says the key's type.
using Field =
    std::variant<std::string*, int*, double*, std::vector<std::int64_t>*, schedule::Curve*, std::vector<Rung>*,
                 std::vector<std::pair<std::string, std::string>>*, TextOrFolders, TextOrCurve,
                 std::vector<SignalSource>*, std::vector<std::pair<double, double>>*, std::vector<schedule::Marker>*>;

struct KeyInfo
{
    std::string_view section;
    std::string_view key;
    Field (*field)(Experiment&);
    std::string_view help; ///< one English sentence: what it does, and what 0 means where 0 is special
    double least = 0;      ///< bounds of numbers, of a curve's values and of each number in a list
    double most = 0;
    bool aboveLeast = false;               ///< least itself is out of bounds
    std::vector<std::string> choices = {}; ///< text: what it may be; empty: any text
    std::vector<std::string> later = {};   ///< text: known to the format, but not available in this version
    bool note = false;     ///< for people alone: no run reads it, so it is no part of the canonical form
    bool drawable = false; ///< a number that may be drawn over the run instead (see spec/drawn.h)

    std::string dotted() const; ///< "gap.value"
};

/// Every key, in the canonical order.
const std::vector<KeyInfo>& knownKeys();
/// "gap.value" -> its row, or nullptr.
const KeyInfo* findKey(std::string_view dotted);
/// Section names in the canonical order, without "sweep".
const std::vector<std::string>& knownSections();

/// What the key accepts, for a sentence: "a whole number from 1 to 64", "\"fixed\" or \"schedule\"".
std::string acceptedText(const KeyInfo& key);
/// The key's value as TOML text, in one line.
std::string valueText(const KeyInfo& key, const Experiment& experiment);
/// The value a file gets that does not set the key, as TOML text.
std::string defaultText(const KeyInfo& key);

} // namespace gradus::spec
