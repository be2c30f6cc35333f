// SPDX-License-Identifier: GPL-3.0-or-later
// Views (.gradusview): what is read, written and read again is the same.
#include "fuzz.h"

#include "viewmodels/view_file.h"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto view = viewmodels::parseView(std::string(fuzz::textOf(data, size)), "v.gradusview");
    if (!fuzz::isRead(view)) return 0;
    const std::string text = viewmodels::viewText(*view);
    const auto again = viewmodels::parseView(text, "again.gradusview");
    fuzz::expect(again.ok(), "what is written can be read", again ? text : again.error().message + "\n" + text);
    fuzz::expect(*again == *view && again->curves.smoothing == view->curves.smoothing && again->runs == view->runs,
                 "what is written reads back equal", text);
    return 0;
}
