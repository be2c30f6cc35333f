// SPDX-License-Identifier: GPL-3.0-or-later
// How much people agree on the episodes of a run, among each other and with the run's own judge. Pure.
#pragma once

#include "base/interval.h"
#include "store/records.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::compare {

struct PersonStanding
{
    std::string name;
    long long episodes = 0;             ///< that this person judged
    std::optional<Estimate> withTheRun; ///< share of them with the verdict of the run's own judge, "unclear" left out
    long long pairs = 0;                ///< preferences given in both orders
    std::optional<Estimate> sameInBoth; ///< share of these with one choice whichever stood at the left

    friend bool operator==(const PersonStanding&, const PersonStanding&) = default;
};

struct PeopleAgreement
{
    long long episodes = 0;             ///< judged by anybody
    long long shared = 0;               ///< judged by two people or more
    std::optional<Estimate> alpha;      ///< Krippendorff's, nominal, jackknife over episodes; none below two people
    std::optional<Estimate> fleiss;     ///< over the episodes that everybody judged
    std::vector<PersonStanding> people; ///< by name

    friend bool operator==(const PeopleAgreement&, const PeopleAgreement&) = default;
};

/// "unclear" is a verdict like others among people.
PeopleAgreement agreementOf(const std::vector<store::EpisodeRow>& episodes,
                            const std::vector<store::PreferenceRow>& preferences);

} // namespace gradus::compare
