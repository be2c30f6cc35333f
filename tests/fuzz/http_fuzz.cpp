// SPDX-License-Identifier: GPL-3.0-or-later
// A server's reply: a body that came with it, or a sentence.
#include "fuzz.h"

#include "agent/http_exchange.h"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = fuzz::textOf(data, size);
    const auto reply = agent::readReply(bytes);
    if (!reply) {
        fuzz::expectSentence(reply.error());
        return 0;
    }
    fuzz::expect(reply->status >= 0 && reply->status <= 999, "a status has three digits");
    fuzz::expect(reply->body.size() <= bytes.size(), "a body came with its reply");
    return 0;
}
