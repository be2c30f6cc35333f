// SPDX-License-Identifier: GPL-3.0-or-later
// A model that is asked in words and answers in words: a judge, an auditor, or a stand-in for one.
#pragma once

#include "base/result.h"

#include <string>

namespace gradus {

/// Called from one thread. Answers are hostile.
class AskedModel
{
public:
    virtual ~AskedModel() = default;
    virtual std::string name() const = 0;
    /// The answer as it came; an error where it gave none (refused, too long, gone).
    virtual Result<std::string> ask(const std::string& prompt) = 0;
};

} // namespace gradus
