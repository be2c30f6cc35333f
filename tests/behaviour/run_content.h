// SPDX-License-Identifier: GPL-3.0-or-later
// What of a run must not depend on how it came to be: how often it was killed, or from where it was branched.
#pragma once

#include <QString>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gradus::tests {

/// Throughput is left out: it is a measurement of the machine, not a result.
struct RunContent
{
    std::map<std::pair<std::string, std::int64_t>, std::uint64_t> points; ///< (series, step) -> bits
    std::vector<std::string> weights;                                     ///< hashes, by generation
    std::set<std::string> events; ///< kind, generation, step, sentence and details: what was decided, and why
    std::set<std::string> stages;
    std::set<std::string> episodes;
    std::vector<double> flops;
    bool operator==(const RunContent&) const = default;
};

/// Of a run in the folder's gradus.db; an exception where it cannot be read.
RunContent contentOf(const QString& folder, const std::string& uuid);

} // namespace gradus::tests
