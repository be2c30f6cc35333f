// SPDX-License-Identifier: GPL-3.0-or-later
// The sections of an experiment that belong to supervision protocols without a ladder.
#pragma once

#include <string>

namespace gradus::spec {

/// [self]: procedure "self-enhancement"; elsewhere not read. A round is a generation on the same rung: it answers
/// training.labels prompts, rates its own answers and prefers the better ones. Defaults are those of DICE (Chen et al.,
/// arXiv 2406.09760) but for what depends on the model's size: examples, epochs, learning rate and samples (DICE: 16).
struct SelfEnhancement
{
    /// Who rates an answer: "likelihood" (its own mean log-probability a token) | "majority" (share of its own answers
    /// to the prompt with the same end) | "implicit" (beta log pi/ref of the round before) | "truth" (a checker; a
    /// control)
    std::string reward = "implicit";
    int samples = 8;                 ///< answers to each prompt
    double temperature = 0.7;        ///< at which they are drawn
    double topP = 0.9;               ///< and from which share of the mass
    std::string length = "balanced"; ///< "balanced": alpha a token is taken off, so that chosen and rejected are as
                                     ///< long as each other in the mean | "free"
    double replay = 0.5;             ///< share of a round's pairs that are offline ones, whose preference is truth
    int offline = 400;               ///< prompts of A_1 from whose right and wrong answers offline pairs are made
    double beta = 0.1;               ///< of DPO and of the implicit reward
    int epochs = 2;                  ///< of DPO in every round
    double learningRate = 3e-4;      ///< of DPO, all weights
    int examples = 200000;           ///< written-out programs from which a rung learns to write, once for all runs
    int answerTokens = 64;           ///< longest answer to a text prompt; programs have their own end
    int probes = 100;                ///< held-out prompts on which variety is measured, `samples` answers each
};

/// [debate]: procedure "debate"; elsewhere not read. Rungs are counted from 0. Defaults of turns and temperature are
/// those of Khan et al. (arXiv 2402.06782).
struct Debate
{
    std::string protocol = "debate"; ///< "debate" | "consultancy" (one debater alone) | "direct" (no transcript)
    int judge = 2;                   ///< rung of the judge
    int debater = 5;                 ///< rung of the first debater, who is also the consultant and the expert
    int opponent = 5;                ///< rung of the second
    int turns = 3;                   ///< quotes of each debater
    double temperature = 0.4;        ///< at which a debater draws the states that it claims
    int transcripts = 20;            ///< questions whose debates are kept to be read
};

} // namespace gradus::spec
