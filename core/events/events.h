// SPDX-License-Identifier: GPL-3.0-or-later
// Plain records of what happened in a run. They travel one way: pipeline -> EventSink -> store -> view models -> pages.
#pragma once

#include "base/interval.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::events {

/// One value of one series ("utility/competence", "train/loss", ...; the names are DESIGN section 4's).
/// step is the run's global training step: it never goes back within a series. Writing the same (series, step) again
/// replaces the value, so that a resumed run repeats its last steps without doubling rows.
struct MetricPoint
{
    std::string series;
    std::int64_t step = 0;
    double value = 0; ///< NaN and infinities are kept (the store has a kind column)
};

/// Three series at once: name, name/ci_low, name/ci_high.
struct MetricEstimate
{
    std::string series;
    std::int64_t step = 0;
    Estimate estimate;
};

enum class StageKind
{
    Competence, ///< Stage 1
    Discovery,  ///< Stage 2
    Alignment,  ///< Stage 3
    Gap,        ///< the controller's turn
    Gate,       ///< whether the generation may stay
};
enum class StageState
{
    Running,
    Finished,
    Skipped, ///< explicit: note says why ("no sandboxed domain configured")
    Failed,
};
const char* nameOf(StageKind kind);   ///< "competence", "discovery", "alignment", "gap", "gate"
const char* nameOf(StageState state); ///< "running", "finished", "skipped", "failed"

/// A stage began or ended. Inputs and outputs are named by SHA-256 so that a result can be traced to its causes.
struct StageEvent
{
    int generation = 1; ///< 1-based: A_1, A_2, ...
    StageKind kind = StageKind::Competence;
    StageState state = StageState::Running;
    std::int64_t step = 0;
    std::string inputHash;
    std::string outputHash; ///< empty while running
    std::string note;
};

/// What is known of one rung of the ladder in this run. Sent whenever something of it changed; the last one counts.
struct GenerationRecord
{
    int generation = 1;
    std::string rung; ///< "32,2", or a model folder's name
    std::int64_t parameters = 0;
    double capacity = 0;       ///< in units of capacityProxy
    std::string capacityProxy; ///< "log10 parameters"
    std::optional<double> gap; ///< delta taken to reach this generation; none for A_1
    std::int64_t firstStep = 0;
    std::optional<std::int64_t> lastStep;
    std::optional<Estimate> utility; ///< competence, held-out accuracy against truth
    std::optional<Estimate> weak;    ///< the supervisor's accuracy on the same items
    std::optional<Estimate> ceiling; ///< the same base trained on truth
    std::optional<Estimate> pgr;
    std::string pgrRefusal;            ///< why PGR is not printed, if it is not
    std::optional<Estimate> imitation; ///< held-out, items where the teacher is wrong
    std::optional<Estimate> excessImitation;
    std::optional<Estimate> memorisation;   ///< the same on training items
    std::optional<Estimate> harmBefore;     ///< A_i^-: hazards on held-out tempting twins
    std::optional<Estimate> harm;           ///< A_i^+: the same twins after alignment; conformity is 1 - harm
    std::optional<Estimate> overRefusal;    ///< A_i^+: asks a person although nothing tempts
    std::optional<Estimate> alignedUtility; ///< A_i^+: competence, where stages 2 and 3 ran
    std::string checkpointHash;             ///< SHA-256 of the generation's weights (A_i^-), once finished
    std::string alignedHash;                ///< and of A_i^+, where stages 2 and 3 ran
    std::optional<double> flops; ///< training spent by the run up to here, roll-backs included; see kFlopsFormula
    bool rolledBack = false;     ///< it failed its gate: its predecessor counts
};

/// A run that began with another one's generations, and one that holds what a run was before it was rolled back by
/// hand. details of both: {"parent": uuid, "generation": the last one that both have, ...}; they belong to no
/// generation.
inline constexpr const char* kBranchedEvent = "run.branched";
inline constexpr const char* kSupersededEvent = "run.superseded";

/// Something worth telling: kinds are DESIGN section 4's ("gap.decision", "checkpoint", "alert", ...).
struct RunEvent
{
    std::string kind;
    int generation = 0; ///< 0 when it belongs to no generation
    std::int64_t step = 0;
    std::string sentence;    ///< one English sentence
    std::string detailsJson; ///< every term as a JSON object, or empty
};

/// What one source said about the items that a generation is taught by, and about the anchors. Sent once a generation
/// and source; what is sent again replaces it. The anchors' truth is sent as a source of kind "anchors".
struct VoteRecord
{
    int generation = 2;
    std::string source;
    std::string kind;                 ///< spec::SignalSource::kind, or "anchors"
    std::vector<std::int64_t> items;  ///< N numbers of items (data::itemNumber)
    std::vector<int> labels;          ///< N; -1 where it said nothing
    std::vector<float> probabilities; ///< N x K row-major, or empty
    std::string background = {};      ///< of a person, in their own words (hostile); empty where nobody said
};

/// One turn of an episode. content is what was really said, byte for byte: hostile until shown escaped.
struct EpisodeMessage
{
    std::string role; ///< "system" | "user" | "assistant" | "tool"
    std::string content;
    std::string detailsJson; ///< of a tool call: what was called; or empty
};

/// What another judge than the first says of an episode.
struct SecondVerdict
{
    std::string judge;   ///< "monitor/M3"; one verdict a judge
    std::string verdict; ///< of a monitor: "approve" | "modify" | "reject" | "escalate" | "terminate"
    std::optional<double> score;
    std::string note; ///< of a monitor: JSON with findings and what they cite
};

/// One sandbox episode, complete. What is sent again under the same key replaces it.
struct EpisodeRecord
{
    int generation = 1;
    std::string key;      ///< unique in the run: "discovery/2/17"
    std::string scenario; ///< "check open, unwatched / deadline, lead"
    std::vector<EpisodeMessage> messages;
    std::string judge;               ///< who judged: "oracle"
    std::string verdict;             ///< "hazard" | "safe" | "asked"
    std::string note;                ///< why, one sentence
    std::optional<double> severity;  ///< 0..1; given where the episode is a hazard
    std::string hazardJson;          ///< of a hazard: what was done, and its state
    std::string safeBehaviour;       ///< what is taught for the hazard; empty while there is none
    std::string safeBehaviourSource; ///< who said so
    std::vector<SecondVerdict> others = {};
};

/// Where the run stands, for progress bars and heartbeats; not stored as history.
struct Progress
{
    double fraction = 0;     ///< 0..1 of the whole run
    double secondsLeft = -1; ///< estimate; negative while unknown
    int generation = 1;
    int generations = 1;
    std::string activity; ///< "generation 2 of 4, competence: step 120 of 400"
    std::int64_t step = 0;
    double tokensPerSecond = 0;
};

} // namespace gradus::events
