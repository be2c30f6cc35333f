// SPDX-License-Identifier: GPL-3.0-or-later
// Dialogues as preference data spell them, brought to one form.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gradus::data {

struct Turn
{
    std::string speaker; ///< "Human", "Assistant", "System", or the file's own word
    std::string text;
};

/// The turns of a cell that holds JSON messages: one object or a list of them, with role and content, or from and
/// value. None of a cell that is anything else: it is plain text.
std::optional<std::vector<Turn>> readTurns(const std::string& cell);

/// "\n\nHuman: ...\n\nAssistant: ...": the form of the HH data.
std::string dialogueText(const std::vector<Turn>& turns);

/// A plain answer after its plain prompt, whatever the texts look like: a model's answer that is JSON stays text.
std::string plainlyAnswered(const std::string& prompt, const std::string& answer);

/// An answer after its prompt, both as cells that may hold messages. An answer that is a whole dialogue (it begins with
/// another turn than the assistant's, or with the prompt's own text) stands for itself; else it follows the prompt,
/// which is a human's turn if it is plain text without turns of its own. Without a prompt the answer alone.
std::string answered(const std::optional<std::string>& prompt, const std::string& answer);

} // namespace gradus::data
