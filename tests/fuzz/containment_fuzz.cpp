// SPDX-License-Identifier: GPL-3.0-or-later
// A containment study as a store keeps it: read whole or refused, and shown as text and as a page.
#include "fuzz.h"

#include "base/text.h"
#include "compare/containment.h"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto study = compare::readContainment(fuzz::textOf(data, size));
    if (!study) {
        fuzz::expectSentence(study.error());
        return 0;
    }
    fuzz::expect(study->levels.size() <= 16, "levels are few");
    for (const compare::ContainmentLevel& level : study->levels)
        fuzz::expect(level.elicitation.low <= level.elicitation.value &&
                         level.elicitation.value <= level.elicitation.high,
                     "an interval encloses its share");
    const std::string text = compare::containmentText(*study);
    fuzz::expect(visibleLines(text) == text, "what is shown has no control characters");
    return 0;
}
