// SPDX-License-Identifier: GPL-3.0-or-later
// A model's reply in each family's form: calls become acts or sentences, and a call that is written reads back equal.
#include "fuzz.h"

#include "agent/call_format.h"
#include "agent/tools.h"

#include <nlohmann/json.hpp>

using namespace gradus;
using namespace gradus::agent;

namespace {

void expectSound(const Reply& reply, std::string_view text)
{
    fuzz::expect(reply.words.size() <= text.size(), "words are the model's own", text);
    fuzz::expect(reply.calls.size() <= 32, "calls have a bound", text);
    for (const std::string& fault : reply.faults)
        fuzz::expectSentence(failed(fault));
    for (const chat::ChatCall& call : reply.calls) {
        const auto arguments = nlohmann::json::parse(call.argumentsJson, nullptr, false);
        fuzz::expect(arguments.is_object(), "arguments are an object", call.argumentsJson);
        const auto act = actOf(call);
        if (!fuzz::isRead(act)) continue;
        const auto again = actOf(callOf(*act));
        fuzz::expect(again.ok() && again->tool == act->tool && again->path == act->path && again->bytes == act->bytes &&
                         again->words == act->words,
                     "an act written as a call is the same act", call.argumentsJson);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::textOf(data, size);
    for (const CallFormat format :
         {CallFormat::Tagged, CallFormat::PlainJson, CallFormat::Bracketed, CallFormat::Fenced}) {
        const Reply reply = parseReply(text, format);
        expectSound(reply, text);
        if (reply.calls.empty()) continue;
        const std::string written = writtenCalls(reply.calls, format);
        const Reply again = parseReply(written, format);
        fuzz::expect(again.faults.empty() && again.calls.size() == reply.calls.size(), "what is written is calls",
                     written);
        for (std::size_t i = 0; i < reply.calls.size(); ++i)
            fuzz::expect(again.calls[i].name == reply.calls[i].name &&
                             again.calls[i].argumentsJson == reply.calls[i].argumentsJson,
                         "a call reads back equal", written);
    }
    callFormatOf(text);
    describesTools(text);
    return 0;
}
