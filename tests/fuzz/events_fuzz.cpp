// SPDX-License-Identifier: GPL-3.0-or-later
// TensorBoard's event files. The first byte tells how the rest is meant: '=' as the file itself, anything else as
// messages (two bytes of length and the message), which get the right checksums, so that they are looked into.
#include "fuzz.h"
#include "imports/event_file.h"
#include "imports/read_source.h"
#include "plan.h"

#include <algorithm>

using namespace gradus;
using namespace gradus::imports;

namespace {

std::string littleEndian(std::uint64_t value, int bytes)
{
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(value >> (8 * i));
    return text;
}

std::string checked(std::string_view messages)
{
    std::string file;
    while (messages.size() > 2) {
        const std::size_t wanted =
            static_cast<unsigned char>(messages[0]) | std::size_t{static_cast<unsigned char>(messages[1])} << 8;
        const std::string_view message = messages.substr(2, wanted);
        const std::string length = littleEndian(message.size(), 8);
        file +=
            length + littleEndian(maskedCrc(length), 4) + std::string(message) + littleEndian(maskedCrc(message), 4);
        messages.remove_prefix(std::min(messages.size(), 2 + wanted));
    }
    return file;
}

std::size_t pointsOf(const EventScalars& scalars)
{
    std::size_t points = 0;
    for (const ForeignSeries& series : scalars.series)
        points += series.points.size();
    return points;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input = fuzz::textOf(data, size);
    if (input.empty()) return 0;
    const std::string bytes = input[0] == '=' ? std::string(input.substr(1)) : checked(input.substr(1));
    EventScalars scalars;
    const auto read = addEvents(scalars, bytes, "events", {});
    if (!read) fuzz::expectRefusal(read.error());
    EventScalars whole;
    const auto cut = addEvents(whole, bytes, "events", {.cutOff = true});
    if (!cut) fuzz::expectRefusal(cut.error());
    fuzz::expect(!read || (cut && pointsOf(whole) == pointsOf(scalars) && !whole.cut),
                 "a whole file is read alike, whether or not it may be cut off");
    fuzz::expect(pointsOf(whole) <= bytes.size(), "no value comes from nothing");
    const auto source = readTensorBoard(fuzz::written("events.out.tfevents.1.host", bytes), {.cutOff = true});
    if (fuzz::isRead(source)) fuzz::expectPlan(*source);
    return 0;
}
