// SPDX-License-Identifier: GPL-3.0-or-later
// How stage 3 tunes, whatever it teaches: options, the preference loss, and progress over both of its tunings.
#pragma once

#include "engine/tuning.h"
#include "pipeline/stage_context.h"

#include <cstdint>
#include <functional>
#include <string>

namespace gradus::pipeline {

/// Those of [training] and [conformity]; purpose names the seed's stream.
engine::TuningOptions alignmentOptions(const StageContext& context, const std::string& purpose, int epochs);

/// Of [conformity], whose preference is not "none".
engine::PreferenceLoss alignmentPreference(const spec::Conformity& settings);

/// Series align/loss and align/preference_loss over one count of steps, and the stage's share of the run's work. Must
/// outlive what it hands out.
class AlignmentProgress final
{
public:
    /// work: of the whole stage, in ProgressMeter's units.
    AlignmentProgress(const StageContext& context, int generation, std::int64_t firstStep, double work);

    std::function<void(const engine::StepReport&)> ofTuning();
    std::function<void(const engine::StepReport&)> ofPreferences();
    void say(const std::string& what); ///< what is done meanwhile
    std::int64_t finish();             ///< counts the work that there was no need for; returns the last step

private:
    std::function<void(const engine::StepReport&)> reporter(const char* series, const char* what, double share);
    std::string activity(const std::string& what) const;

    const StageContext& m_context;
    const int m_generation;
    const double m_work;
    std::int64_t m_step;
    double m_reported = 0; ///< of the stage's work
};

} // namespace gradus::pipeline
