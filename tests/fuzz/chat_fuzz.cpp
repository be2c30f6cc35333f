// SPDX-License-Identifier: GPL-3.0-or-later
// Strangers' chat templates: whatever they are, they end within their bounds with a text or a sentence. Input: the
// template, what is said in the conversation, and variables as JSON.
#include "fuzz.h"

#include "chat/chat_template.h"

using namespace gradus;
using namespace gradus::chat;

namespace {

constexpr std::size_t kMostText = std::size_t{64} << 20;

ChatRequest conversation(std::string_view said)
{
    const std::string text(said);
    return {.messages = {{.role = "system", .content = "Be brief."},
                         {.role = "user", .content = text},
                         {.role = "assistant",
                          .content = "I look.",
                          .calls = {{.id = "call00001", .name = "bash", .argumentsJson = R"({"command": "ls"})"}}},
                         {.role = "tool", .content = text, .tool = "bash", .callId = "call00001"},
                         {.role = "assistant", .content = text},
                         {.role = "user", .content = "Go on."}},
            .tools = {{.name = "bash", .description = "Runs a line.", .parametersJson = R"({"type": "object"})"}},
            .addGenerationPrompt = true,
            .bos = "<s>",
            .eos = "</s>"};
}

void expectBounded(const Result<std::string>& text)
{
    if (fuzz::isRead(text)) fuzz::expect(text->size() <= kMostText, "a prompt has a bound");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto parts = fuzz::partsOf(fuzz::textOf(data, size), 3);
    const auto chatTemplate = ChatTemplate::parse(parts[0], "chat_template.jinja");
    if (!fuzz::isRead(chatTemplate)) return 0;
    fuzz::expect(chatTemplate->source() == parts[0], "a template keeps its text");
    const auto text = chatTemplate->render(conversation(parts[1]));
    expectBounded(text);
    const auto again = chatTemplate->render(conversation(parts[1]));
    fuzz::expect(text.ok() == again.ok() && (!text || *text == *again), "a template says the same twice");
    expectBounded(chatTemplate->renderJson(parts[2].empty() ? "{}" : parts[2]));
    return 0;
}
