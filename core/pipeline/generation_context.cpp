// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/generation_context.h"

#include "spec/drawn.h"

namespace gradus::pipeline {

GenerationContext::GenerationContext(const StageContext& run)
    : m_drawn(run.spec.experiment), m_settled(run.spec), m_context(run.withSpec(m_settled))
{
    enter(1);
}

void GenerationContext::enter(int generation)
{
    m_generation = generation;
    m_settled.experiment = spec::atGeneration(m_drawn, generation);
}

void GenerationContext::report(std::int64_t step) const
{
    for (const spec::DrawnNumber& number : m_drawn.drawn)
        m_context.sink.point(
            {"setting/" + number.key, step,
             spec::drawnValue(*spec::findKey(number.key), number.curve, m_generation, m_drawn.ladder.generations)});
}

} // namespace gradus::pipeline
