// SPDX-License-Identifier: GPL-3.0-or-later
#include "imports/event_file.h"

#include "base/text.h"
#include "imports/wire.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

namespace gradus::imports {

namespace {

constexpr std::size_t kHead = 12; ///< length (8) and its checksum (4)
constexpr std::size_t kFoot = 4;  ///< checksum of the data

// Field numbers of event.proto, summary.proto and tensor.proto.
constexpr int kEventWall = 1;
constexpr int kEventStep = 2;
constexpr int kEventSummary = 5;
constexpr int kSummaryValue = 1;
constexpr int kValueTag = 1;
constexpr int kValueSimple = 2;
constexpr int kValueTensor = 8;
constexpr int kTensorType = 1;
constexpr int kTensorContent = 4;
constexpr int kTensorFloats = 5;
constexpr int kTensorDoubles = 6;
constexpr int kTensorInts = 7;
constexpr int kTensorLongs = 10;
// Of types.proto.
constexpr std::uint64_t kFloat = 1;
constexpr std::uint64_t kDouble = 2;
constexpr std::uint64_t kInt = 3;
constexpr std::uint64_t kLong = 9;

std::array<std::uint32_t, 256> crcTable()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit)
            crc = crc & 1 ? crc >> 1 ^ 0x82F63B78U : crc >> 1;
        table[i] = crc;
    }
    return table;
}

/// The number a tensor of one element holds; nothing for others.
std::optional<double> scalarOf(std::string_view tensor, bool& bad)
{
    WireReader reader(tensor);
    std::uint64_t type = 0;
    std::string_view content;
    std::optional<double> value;
    bool single = true;
    const auto take = [&](double number) {
        single = single && !value;
        value = number;
    };
    while (const auto field = reader.next()) {
        const bool packed = field->kind == WireField::Kind::Bytes;
        switch (field->number) {
        case kTensorType:
            type = field->value;
            break;
        case kTensorContent:
            content = field->bytes;
            break;
        case kTensorFloats:
            if (packed && field->bytes.size() != 4) return std::nullopt;
            take(static_cast<double>(floatOf(packed ? littleEndian(field->bytes, 4) : field->value)));
            break;
        case kTensorDoubles:
            if (packed && field->bytes.size() != 8) return std::nullopt;
            take(doubleOf(packed ? littleEndian(field->bytes, 8) : field->value));
            break;
        case kTensorInts:
        case kTensorLongs:
            if (packed) return std::nullopt; // a packed list of one is not how writers put a scalar
            take(static_cast<double>(static_cast<std::int64_t>(field->value)));
            break;
        default:
            break;
        }
    }
    bad = reader.bad();
    if (bad || !single) return std::nullopt;
    if (value) return value;
    if (type == kFloat && content.size() == 4) return static_cast<double>(floatOf(littleEndian(content, 4)));
    if (type == kDouble && content.size() == 8) return doubleOf(littleEndian(content, 8));
    if (type == kInt && content.size() == 4)
        return static_cast<double>(static_cast<std::int32_t>(littleEndian(content, 4)));
    if (type == kLong && content.size() == 8)
        return static_cast<double>(static_cast<std::int64_t>(littleEndian(content, 8)));
    return std::nullopt;
}

/// Collects the scalars of a file, record by record.
class Collector
{
public:
    explicit Collector(EventScalars& scalars) : m_scalars(scalars)
    {
        for (std::size_t i = 0; i < scalars.series.size(); ++i)
            m_places.emplace(scalars.series[i].name, i);
    }

    /// False: the message is malformed.
    bool event(std::string_view message)
    {
        WireReader reader(message);
        store::PointRow point;
        std::string_view summary;
        while (const auto field = reader.next()) {
            if (field->number == kEventWall) point.wall = doubleOf(field->value);
            if (field->number == kEventStep) point.step = static_cast<std::int64_t>(field->value);
            if (field->number == kEventSummary) summary = field->bytes;
        }
        if (reader.bad()) return false;
        if (m_scalars.firstWall == 0) m_scalars.firstWall = point.wall;
        m_scalars.lastWall = std::max(m_scalars.lastWall, point.wall);
        WireReader values(summary);
        while (const auto field = values.next())
            if (field->number == kSummaryValue && !value(field->bytes, point)) return false;
        return !values.bad();
    }

private:
    bool value(std::string_view message, store::PointRow point)
    {
        WireReader reader(message);
        std::string tag;
        std::optional<double> number;
        bool bad = false;
        while (const auto field = reader.next()) {
            if (field->number == kValueTag) tag = std::string(field->bytes);
            if (field->number == kValueSimple) number = static_cast<double>(floatOf(field->value));
            if (field->number == kValueTensor) number = scalarOf(field->bytes, bad);
        }
        if (reader.bad() || bad) return false;
        if (!number || tag.empty()) {
            ++m_scalars.others;
            return true;
        }
        point.value = *number;
        seriesOf(tag).points.push_back(point);
        return true;
    }

    ForeignSeries& seriesOf(const std::string& tag)
    {
        const auto [place, isNew] = m_places.emplace(tag, m_scalars.series.size());
        return isNew ? m_scalars.series.emplace_back(ForeignSeries{.name = tag}) : m_scalars.series[place->second];
    }

    EventScalars& m_scalars;
    std::unordered_map<std::string, std::size_t> m_places; ///< a file may have as many series as values
};

Error atRecord(const std::string& file, std::size_t record, std::size_t byte, const std::string& what)
{
    return badInput(visible(file, 400) + ": record " + std::to_string(record) + " (byte " + std::to_string(byte) +
                    ") " + what);
}

} // namespace

std::uint32_t maskedCrc(std::string_view bytes)
{
    static const std::array<std::uint32_t, 256> kTable = crcTable();
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : bytes)
        crc = crc >> 8 ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
    crc ^= 0xFFFFFFFFU;
    return ((crc >> 15 | crc << 17) + 0xA282EAD8U) & 0xFFFFFFFFU;
}

Result<void> addEvents(EventScalars& scalars, std::string_view bytes, const std::string& file,
                       const ReadOptions& options)
{
    Collector collector(scalars);
    std::size_t record = 1;
    for (std::size_t at = 0; at < bytes.size(); ++record) {
        const std::string_view rest = bytes.substr(at);
        const bool hasHead = rest.size() >= kHead;
        if (hasHead && maskedCrc(rest.substr(0, 8)) != littleEndian(rest.substr(8), 4))
            return atRecord(file, record, at,
                            "has a wrong checksum of its length; the file is damaged or no event file.");
        const std::uint64_t length = hasHead ? littleEndian(rest, 8) : 0;
        if (!hasHead || length > rest.size() - kHead || rest.size() - kHead - length < kFoot) {
            scalars.cut = true;
            if (options.cutOff) return {};
            return atRecord(file, record, at,
                            "is cut off; its writer may have been killed or still write, --cut-off takes what is "
                            "whole.");
        }
        const std::string_view data = rest.substr(kHead, static_cast<std::size_t>(length));
        if (maskedCrc(data) != littleEndian(rest.substr(kHead + data.size()), 4))
            return atRecord(file, record, at, "has a wrong checksum; the file is damaged.");
        if (!collector.event(data))
            return atRecord(file, record, at, "is no event message; the file is of another kind.");
        at += kHead + data.size() + kFoot;
    }
    return {};
}

} // namespace gradus::imports
