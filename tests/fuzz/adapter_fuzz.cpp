// SPDX-License-Identifier: GPL-3.0-or-later
// adapter_config.json of a stranger's adapter: what is read can be attached, and what is written for it reads back
// equal.
#include "fuzz.h"

#include "models/adapter_config.h"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input = fuzz::textOf(data, size);
    const auto options = models::adapterFromConfig(std::string(input), "adapter_config.json");
    if (!fuzz::isRead(options)) return 0;
    fuzz::expect(options->rank >= 1 && options->rank <= 4096, "a rank that is read can be attached");
    fuzz::expect(options->alpha > 0 && options->alpha <= 1e6, "an alpha that is read scales to a number");
    const std::string text =
        models::adapterConfigOf(*options, std::string(input.substr(0, 40)), "SEQ_CLS", size % 2 == 0);
    const auto again = models::adapterFromConfig(text, "again.json");
    fuzz::expect(again.ok(), "what is written can be read", again ? text : again.error().message + text);
    fuzz::expect(*again == *options, "what is written reads back equal", text);
    return 0;
}
