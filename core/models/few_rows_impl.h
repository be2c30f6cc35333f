// SPDX-License-Identifier: GPL-3.0-or-later
// Where loops of our own stand in for the library's operators.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/InferenceMode.h>

#include <cstdint>

namespace gradus::models {

/// While one lives, its thread runs a decoder that reads in loops (Decoder::readInLoops).
class LoopScope final
{
public:
    explicit LoopScope(bool wanted) : m_before(flag()) { flag() = wanted; }
    ~LoopScope() { flag() = m_before; }
    LoopScope(const LoopScope&) = delete;
    LoopScope& operator=(const LoopScope&) = delete;
    static bool isOpen() { return flag(); }

private:
    static bool& flag()
    {
        thread_local bool wanted = false;
        return wanted;
    }
    bool m_before;
};

/// Single precision on a CPU where texts are written and scored. Not under a NoGradGuard alone: layers are recomputed
/// and judged there, and must say to the bit what training says.
inline bool isInLoops(const at::Tensor& x)
{
    return LoopScope::isOpen() && c10::InferenceMode::is_enabled() && x.is_cpu() && x.scalar_type() == at::kFloat;
}

/// So few floats besides that calling an operator takes longer than what it does.
inline bool isFew(const at::Tensor& x)
{
    constexpr std::int64_t kFew = std::int64_t{1} << 15;
    return x.numel() <= kFew && isInLoops(x);
}

} // namespace gradus::models
