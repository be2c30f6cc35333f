// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/protocol_keys.h"

namespace gradus::spec {

std::vector<KeyInfo> protocolKeys()
{
    return {
        {"self",
         "reward",
         [](Experiment& e) -> Field { return &e.self.reward; },
         "Who rates an answer: its own mean log-probability, the share of own answers with the same end, the implicit "
         "reward of the round before, or (a control) a checker that knows the truth.",
         0,
         0,
         false,
         {"likelihood", "majority", "implicit", "truth"},
         {}},
        {"self", "samples", [](Experiment& e) -> Field { return &e.self.samples; },
         "Answers that are drawn to each prompt of a round.", 2, 256},
        {"self", "temperature", [](Experiment& e) -> Field { return &e.self.temperature; },
         "Temperature at which a round's answers are drawn.", 0, 100, true},
        {"self", "top_p", [](Experiment& e) -> Field { return &e.self.topP; },
         "A round's answers are drawn from the most probable tokens that together reach this share.", 0, 1, true},
        {"self",
         "length",
         [](Experiment& e) -> Field { return &e.self.length; },
         "Whether something is taken off the reward for every token, so that chosen and rejected answers are equally "
         "long in the mean.",
         0,
         0,
         false,
         {"balanced", "free"},
         {}},
        {"self", "replay", [](Experiment& e) -> Field { return &e.self.replay; },
         "Share of a round's pairs that are offline ones, whose preference is truth.", 0, 1},
        {"self", "offline", [](Experiment& e) -> Field { return &e.self.offline; },
         "Prompts of the first generation from whose right and wrong answers the offline pairs are made.", 1, 100000},
        {"self", "beta", [](Experiment& e) -> Field { return &e.self.beta; },
         "How closely a round keeps to the model it began with; also the scale of the implicit reward.", 0, 100, true},
        {"self", "epochs", [](Experiment& e) -> Field { return &e.self.epochs; },
         "How often preference optimisation sees a round's pairs.", 1, 1000},
        {"self", "learning_rate", [](Experiment& e) -> Field { return &e.self.learningRate; },
         "Peak learning rate of all weights in preference optimisation.", 0, 10, true},
        {"self", "examples", [](Experiment& e) -> Field { return &e.self.examples; },
         "Written-out programs from which a rung learns to write; done once and kept beside the models.", 64, 10000000},
        {"self", "answer_tokens", [](Experiment& e) -> Field { return &e.self.answerTokens; },
         "Longest answer to a text prompt, in tokens, where the rung is a model folder; programs have their own end.",
         1, 4096},
        {"self", "probes", [](Experiment& e) -> Field { return &e.self.probes; },
         "Held-out prompts on which the variety of answers is measured, self.samples answers each.", 8, 100000},
        {"debate",
         "protocol",
         [](Experiment& e) -> Field { return &e.debate.protocol; },
         "What the judge is given beside the question: both debaters' quotes, those of one consultant who may be on "
         "either side, or nothing.",
         0,
         0,
         false,
         {"debate", "consultancy", "direct"},
         {}},
        {"debate", "judge", [](Experiment& e) -> Field { return &e.debate.judge; },
         "Rung of the judge, counted from 0.", 0, 63},
        {"debate", "debater", [](Experiment& e) -> Field { return &e.debate.debater; },
         "Rung of the first debater, counted from 0; also the consultant and the expert.", 0, 63},
        {"debate", "opponent", [](Experiment& e) -> Field { return &e.debate.opponent; },
         "Rung of the second debater, counted from 0.", 0, 63},
        {"debate", "turns", [](Experiment& e) -> Field { return &e.debate.turns; },
         "Quotes of each debater; a program has six steps.", 1, 6},
        {"debate", "temperature", [](Experiment& e) -> Field { return &e.debate.temperature; },
         "Temperature at which a debater draws the states that it claims.", 0, 100, true},
        {"debate", "transcripts", [](Experiment& e) -> Field { return &e.debate.transcripts; },
         "Held-out questions whose debates are kept to be read.", 0, 100000},
    };
}

} // namespace gradus::spec
