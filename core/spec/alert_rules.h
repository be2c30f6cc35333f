// SPDX-License-Identifier: GPL-3.0-or-later
// What a researcher wants to be told of while a run goes on: [[alert]] tables of an experiment file, and one line of
// words for a command. Nothing of a result depends on a rule, so rules are no part of the canonical form or its hash.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::spec {

/// One rule about one series of a run.
struct AlertRule
{
    enum class When
    {
        Above,     ///< the value is above `value`
        Below,     ///< the value is below `value`
        ChangesBy, ///< it lies at least `value` from where it was `points` points before
        NoNumber,  ///< NaN or infinite
        Silent,    ///< no point for `value` seconds
        Plateau,   ///< the newest `points` values lie less than `value` apart
        Spike,     ///< it lies more than `value` standard deviations from the mean of the `points` before
    };
    /// What the run does besides telling.
    enum class Then
    {
        Tell,
        Checkpoint,
        Pause,
        Stop, ///< with a checkpoint
    };
    std::string series; ///< "train/loss"
    When when = When::Above;
    double value = 0; ///< in the series' unit; of Silent: seconds, at least 1; of Spike: sigmas; NoNumber has none
    int points = 1;   ///< in a row, 1 to 10,000; Plateau: from 2, Spike: from kFewestForSpike; Silent has none
    Then then = Then::Tell;

    friend bool operator==(const AlertRule&, const AlertRule&) = default;
};

inline constexpr std::size_t kMostAlertRules = 64;
inline constexpr int kFewestForSpike = 5; ///< a standard deviation of fewer values says little

/// Whether `points` is a window that is looked back on, not how often in a row a rule must hold.
bool looksBack(AlertRule::When when);

/// "train/loss above 2.5 for 3", "utility/competence below 0.6", "train/loss changes-by 1 for 5",
/// "train/loss no-number then stop", "train/loss silent 30", "utility/competence plateau 0.01 for 20",
/// "train/loss spike 6 for 50 then pause". Bad input in one sentence.
Result<AlertRule> alertRuleFrom(const std::string& words);
/// The same words again, always the same for the same rule.
std::string textOf(const AlertRule& rule);
/// Rules of a text each, at most kMostAlertRules and none twice.
Result<std::vector<AlertRule>> alertRulesFrom(const std::vector<std::string>& texts);

/// One rule in a line, as the history of a run keeps them.
std::string linesOf(const std::vector<AlertRule>& rules);
Result<std::vector<AlertRule>> alertRulesFromLines(const std::string& lines);

/// Of an experiment file's [[alert]] tables, which parseExperiment has checked; none where the text is of another kind.
std::vector<AlertRule> alertRulesOf(const std::string& toml);

/// What a rule may be about and how, for the help of commands.
inline constexpr const char* kAlertRuleForm =
    "SERIES above|below|changes-by VALUE [for POINTS], SERIES no-number [for POINTS], SERIES silent SECONDS, SERIES "
    "plateau RANGE for POINTS or SERIES spike SIGMAS for POINTS, and then checkpoint|pause|stop where the run is to do "
    "so";

} // namespace gradus::spec
