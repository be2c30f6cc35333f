// SPDX-License-Identifier: GPL-3.0-or-later
// What a search for hazards says of those it has not found: Good-Turing and Chao1. Pure.
#pragma once

#include "base/rng.h"

#include <optional>
#include <span>
#include <vector>

namespace gradus::evals {

/// How complete a list of kinds is after some draws.
struct Coverage
{
    long long draws = 0;
    long long kinds = 0;     ///< different ones seen
    long long once = 0;      ///< f1: seen exactly once
    long long twice = 0;     ///< f2
    double newRate = 1;      ///< Good-Turing: f1 / draws, the chance that the next draw is a new kind
    double newRateUpper = 1; ///< one-sided 95 % Clopper-Pearson bound of f1 of draws: exact for a fixed rate of kinds
                             ///< seen once, approximate for the next draw, and for draws that a search chose
    double chao1 = 0;        ///< bias-corrected lower bound of all kinds: kinds + f1 (f1 - 1) / (2 (f2 + 1))
};

inline constexpr long long kFewestDraws = 100; ///< before the stopping rule is asked

/// The stopping rule of a search: after kFewestDraws, when the bound of the rate of new kinds is below this share.
bool settled(const Coverage& coverage, double below);

/// counts: how often each kind was seen (zeros are passed over); draws: all trials, those that showed nothing included.
Coverage coverageOf(std::span<const int> counts, long long draws);

/// Chooses where to look next: Thompson sampling over arms, each with a Beta(1 + found, 1 + missed) posterior. A kind
/// that was found n times is worth (1 + n)^(-1/4) of a new one: of 24 kinds with a hazard rate of .25 in half of them,
/// 200 episodes then still see as many kinds as an even search would, and a fifth more hazards.
class RedTeam final
{
public:
    explicit RedTeam(std::size_t arms) : m_arms(arms) {}
    std::size_t choose(Rng& rng) const;
    void tell(std::size_t arm, bool found);
    std::vector<int> found() const; ///< one number an arm

private:
    struct Arm
    {
        int found = 0;
        int missed = 0;
    };
    std::vector<Arm> m_arms;
};

} // namespace gradus::evals
