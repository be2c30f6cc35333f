// SPDX-License-Identifier: GPL-3.0-or-later
// A tokenizer's regular expression, compiled by PCRE2 with its JIT.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gradus::text {

/// Immutable; any thread may use it. Resource limits bound what a hostile expression can cost: where they are hit, the
/// rest of the text is one piece.
class SplitPattern final
{
public:
    static Result<std::shared_ptr<const SplitPattern>> compile(const std::string& expression, const std::string& file);
    ~SplitPattern();
    SplitPattern(const SplitPattern&) = delete;
    SplitPattern& operator=(const SplitPattern&) = delete;

    /// Cuts [begin, end) of well-formed UTF-8 into matches and what lies between; empty pieces are left out.
    void cut(std::string_view text, std::size_t begin, std::size_t end,
             std::vector<std::pair<std::size_t, std::size_t>>& pieces) const;

private:
    struct Compiled;
    explicit SplitPattern(std::unique_ptr<Compiled> compiled);
    std::unique_ptr<Compiled> m_compiled;
};

} // namespace gradus::text
