// SPDX-License-Identifier: GPL-3.0-or-later
// A run's context as one generation at a time sees it: numbers that are drawn over the run hold that one's values.
#pragma once

#include "pipeline/stage_context.h"

namespace gradus::pipeline {

/// The run's context must outlive it. Of one thread, as the run is.
class GenerationContext final
{
public:
    explicit GenerationContext(const StageContext& run); ///< enters generation 1
    GenerationContext(const GenerationContext&) = delete;
    GenerationContext& operator=(const GenerationContext&) = delete;

    /// The same object for the whole run: whoever holds it reads the numbers of the generation that was entered last.
    const StageContext& context() const { return m_context; }
    void enter(int generation);
    /// The drawn numbers of the generation in work, as points "setting/KEY" at this step.
    void report(std::int64_t step) const;

private:
    const spec::Experiment& m_drawn;
    spec::RunSpec m_settled;
    StageContext m_context; ///< whose spec is m_settled
    int m_generation = 1;
};

} // namespace gradus::pipeline
