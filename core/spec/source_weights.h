// SPDX-License-Identifier: GPL-3.0-or-later
// The sources in experiment text: where they, their weights and names stand, and how they are edited.
#pragma once

#include "spec/experiment.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::spec {

/// Sources as one place of the file names them.
struct SourceList
{
    std::string condition; ///< of the [[sweep.condition]] that names them; empty: [signals] itself
    std::vector<SignalSource> sources;
};
/// Every non-empty list of sources in the text, [signals] first, then conditions in file order. Bad input: malformed
/// TOML, a source that does not read.
Result<std::vector<SourceList>> sourceLists(const std::string& toml);
/// Replaces the weights of one list, one curve a source in the list's order (a curve of one key is written as a
/// number); bytes that need not change stay. Bad input: another number of sources, a curve beyond 0..1, a weight that
/// is written as a section of its own.
Result<std::string> withSourceWeights(const std::string& toml, std::size_t list,
                                      const std::vector<schedule::Curve>& weights);

/// Gives a source another name, in its own table and where a synthetic source of the same list is like it. Bad input: a
/// name that is taken, empty, or no single line; a list or source that is not there.
Result<std::string> withSourceName(const std::string& toml, std::size_t list, std::size_t source,
                                   const std::string& name);

/// A source of this kind behind the others of a list, with a name that none of them has and the keys its kind needs
/// (human: file). Where the text names no sources at all, list 0 is [signals]. Bad input: an unknown kind, a list that
/// is not there.
Result<std::string> withSource(const std::string& toml, std::size_t list, const std::string& kind,
                               const std::string& file = {});
/// The list without one of its sources. Bad input: a source that is not there, or that is spread over several tables.
Result<std::string> withoutSource(const std::string& toml, std::size_t list, std::size_t source);

} // namespace gradus::spec
