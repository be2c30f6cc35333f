// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/group_labels.h"

#include "base/text.h"

namespace gradus::compare {

std::string quotedLabels(const Grouping& grouping)
{
    std::string labels;
    for (const RunGroup& group : grouping.groups)
        labels += (labels.empty() ? "\"" : ", \"") + visible(group.label, 60) + "\"";
    return labels;
}

} // namespace gradus::compare
