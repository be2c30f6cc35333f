// SPDX-License-Identifier: GPL-3.0-or-later
// What an OpenAI-compatible server answers: a text that stood in it, or nothing.
#include "fuzz.h"

#include "agent/chat_answer.h"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view body = fuzz::textOf(data, size);
    const auto answer = agent::chatAnswer(body);
    fuzz::expect(!answer || answer->size() <= body.size(), "an answer came with its body");
    return 0;
}
