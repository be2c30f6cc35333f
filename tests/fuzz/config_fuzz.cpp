// SPDX-License-Identifier: GPL-3.0-or-later
// config.json of model folders: a shape that is read can exist, and the config.json written for it gives it again.
#include "fuzz.h"

#include "models/hf_config.h"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto shape = models::shapeFromConfig(std::string(fuzz::textOf(data, size)), "config.json");
    if (!fuzz::isRead(shape)) return 0;
    const auto possible = models::checkShape(*shape);
    fuzz::expect(possible.ok(), "a shape that is read can exist", possible ? "" : possible.error().message);
    fuzz::expect(shape->parameters() >= 0 && shape->rotarySize() % 2 == 0, "a shape's sizes make sense");
    const std::string text = models::configOf(*shape);
    const auto again = models::shapeFromConfig(text, "again.json");
    fuzz::expect(again.ok(), "what is written can be read", again ? text : again.error().message + text);
    fuzz::expect(*again == *shape, "what is written reads back equal", text);
    return 0;
}
