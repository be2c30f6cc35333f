// SPDX-License-Identifier: GPL-3.0-or-later
// The header is read event by event, never as a document: duplicate keys are seen, nesting is bounded by the state
// machine, and a hostile header costs no more memory than what it describes.
#include "models/safetensors.h"

#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <set>

namespace gradus::models {

namespace {

constexpr std::uint64_t kMaxHeader = 100'000'000;
constexpr std::size_t kMaxRank = 8;
constexpr std::size_t kLengthField = 8;

struct KnownType
{
    std::string_view name;
    std::size_t bytes = 0;
};

/// In the order of ElementType.
constexpr std::array<KnownType, 15> kTypes{{{"F32", 4},
                                            {"F16", 2},
                                            {"BF16", 2},
                                            {"F64", 8},
                                            {"I64", 8},
                                            {"U64", 8},
                                            {"I32", 4},
                                            {"U32", 4},
                                            {"I16", 2},
                                            {"U16", 2},
                                            {"I8", 1},
                                            {"U8", 1},
                                            {"BOOL", 1},
                                            {"F8_E4M3", 1},
                                            {"F8_E5M2", 1}}};

std::optional<ElementType> elementType(std::string_view text)
{
    const auto found = std::ranges::find(kTypes, text, &KnownType::name);
    if (found == kTypes.end()) return std::nullopt;
    return static_cast<ElementType>(found - kTypes.begin());
}

/// Takes the parser's events; returns false with `problem` set at the first thing that a header may not hold.
class HeaderEvents final : public nlohmann::json_sax<nlohmann::json>
{
public:
    std::vector<TensorEntry> tensors;
    Metadata metadata;
    std::string problem;

    bool null() override { return unexpected("null"); }
    bool boolean(bool) override { return unexpected("a truth value"); }
    bool number_float(number_float_t, const string_t&) override { return unexpected("a fraction"); }
    bool binary(binary_t&) override { return unexpected("binary data"); }
    bool number_integer(number_integer_t) override { return unexpected("a negative number"); }
    bool number_unsigned(number_unsigned_t value) override
    {
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return fail("a number is too large");
        if (m_place == Place::Shape) {
            if (m_entry.shape.size() == kMaxRank) return fail("a tensor has more than 8 dimensions");
            m_entry.shape.push_back(static_cast<std::int64_t>(value));
            return true;
        }
        if (m_place == Place::Offsets) {
            if (m_offsets == 2) return fail("data_offsets has more than two numbers");
            (m_offsets++ == 0 ? m_entry.begin : m_entry.end) = static_cast<std::size_t>(value);
            return true;
        }
        return unexpected("a number");
    }
    bool string(string_t& value) override
    {
        if (m_place == Place::MetadataValue) {
            metadata[m_key] = value;
            m_place = Place::Metadata;
            return true;
        }
        if (m_place != Place::Type) return unexpected("text");
        const auto type = elementType(value);
        if (!type) return fail("the element type " + visible(value, 40) + " is unknown");
        m_entry.type = *type;
        m_place = Place::Tensor;
        return true;
    }
    bool start_object(std::size_t) override
    {
        switch (m_place) {
        case Place::Start:
            m_place = Place::Names;
            return true;
        case Place::MetadataStart:
            m_place = Place::Metadata;
            return true;
        case Place::TensorStart:
            m_place = Place::Tensor;
            m_entry = TensorEntry{.name = m_key, .shape = {}};
            m_seen.clear();
            m_offsets = 0;
            return true;
        default:
            return unexpected("an object");
        }
    }
    bool key(string_t& value) override
    {
        m_key = value;
        if (m_place == Place::Names) {
            if (!m_names.insert(value).second) return fail("a name occurs twice");
            m_place = value == "__metadata__" ? Place::MetadataStart : Place::TensorStart;
            return true;
        }
        if (m_place == Place::Metadata) {
            m_place = Place::MetadataValue;
            return !metadata.contains(value) || fail("a metadata key occurs twice");
        }
        if (!m_seen.insert(value).second) return fail("a key occurs twice in one tensor");
        if (value == "dtype")
            m_place = Place::Type;
        else if (value == "shape")
            m_place = Place::ShapeStart;
        else if (value == "data_offsets")
            m_place = Place::OffsetsStart;
        else
            return fail("a tensor has the unknown key " + visible(value, 40));
        return true;
    }
    bool end_object() override
    {
        if (m_place == Place::Tensor) {
            m_key = m_entry.name;
            if (m_seen.size() != 3) return fail("dtype, shape or data_offsets is missing");
            tensors.push_back(std::move(m_entry));
        }
        m_place = m_place == Place::Names ? Place::Done : Place::Names;
        return true;
    }
    bool start_array(std::size_t) override
    {
        if (m_place == Place::ShapeStart)
            m_place = Place::Shape;
        else if (m_place == Place::OffsetsStart)
            m_place = Place::Offsets;
        else
            return unexpected("a list");
        return true;
    }
    bool end_array() override
    {
        if (m_place == Place::Offsets && m_offsets != 2) return fail("data_offsets needs two numbers");
        m_place = Place::Tensor;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        if (problem.empty()) problem = "it is not valid JSON at byte " + std::to_string(position);
        return false;
    }

private:
    enum class Place
    {
        Start,
        Names,
        MetadataStart,
        Metadata,
        MetadataValue,
        TensorStart,
        Tensor,
        Type,
        ShapeStart,
        Shape,
        OffsetsStart,
        Offsets,
        Done,
    };
    bool fail(const std::string& what)
    {
        problem = what + (m_key.empty() ? "" : " (at \"" + visible(m_key, 80) + "\")");
        return false;
    }
    bool unexpected(const std::string& what) { return fail(what + " stands where it may not"); }

    Place m_place = Place::Start;
    std::string m_key;
    TensorEntry m_entry;
    std::set<std::string> m_names;
    std::set<std::string> m_seen;
    int m_offsets = 0;
};

/// Empty if the entry's byte range is exactly its shape, else the reason.
std::string rangeProblem(const TensorEntry& entry)
{
    std::uint64_t bytes = bytesOf(entry.type);
    // Multiply in an order that cannot hide an overflow behind a zero: a zero dimension makes the product zero only
    // after every other factor was checked.
    bool empty = false;
    for (const std::int64_t size : entry.shape) {
        if (size == 0)
            empty = true;
        else if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes))
            return "its shape overflows";
    }
    if (empty) bytes = 0;
    if (entry.end < entry.begin) return "its range ends before it begins";
    if (entry.end - entry.begin != bytes)
        return "its shape needs " + std::to_string(bytes) + " bytes and its range has " +
               std::to_string(entry.end - entry.begin);
    if (entry.begin % bytesOf(entry.type) != 0) return "it is not aligned to its elements";
    return {};
}

/// Checks that the ranges tile [0, dataSize) in order. Sorts the tensors by their bytes.
std::string tilingProblem(std::vector<TensorEntry>& tensors, std::uint64_t dataSize)
{
    std::ranges::sort(tensors, [](const TensorEntry& a, const TensorEntry& b) {
        return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
    });
    std::uint64_t next = 0;
    for (const TensorEntry& entry : tensors) {
        if (const std::string problem = rangeProblem(entry); !problem.empty())
            return "tensor \"" + visible(entry.name, 80) + "\": " + problem;
        if (entry.begin != next)
            return "tensor \"" + visible(entry.name, 80) + "\" " +
                   (entry.begin < next ? "overlaps the one before it" : "leaves a hole before it");
        next = entry.end;
    }
    if (next != dataSize)
        return "the tensors cover " + std::to_string(next) + " of " + std::to_string(dataSize) + " data bytes";
    return {};
}

std::uint64_t littleEndian(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = kLengthField; i-- > 0;)
        value = (value << 8) | static_cast<unsigned char>(bytes[i]);
    return value;
}

Error refusal(const std::string& name, const std::string& why)
{
    return badInput(visible(name, 400) + " is not a usable safetensors file: " + why + "; fetch or write it again.");
}

} // namespace

std::size_t bytesOf(ElementType type)
{
    return kTypes[static_cast<std::size_t>(type)].bytes;
}

std::string_view nameOf(ElementType type)
{
    return kTypes[static_cast<std::size_t>(type)].name;
}

Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view head, std::uint64_t fileSize, const std::string& name)
{
    if (head.size() < kLengthField || fileSize < kLengthField) return refusal(name, "it is shorter than 8 bytes");
    const std::uint64_t length = littleEndian(head);
    if (length > kMaxHeader) return refusal(name, "its header claims more than 100,000,000 bytes");
    if (length > fileSize - kLengthField || length > head.size() - kLengthField)
        return refusal(name, "its header is longer than the file");
    const std::string_view json = head.substr(kLengthField, static_cast<std::size_t>(length));
    if (json.empty() || json.front() != '{') return refusal(name, "its header does not start with {");

    HeaderEvents events;
    const bool parsed = nlohmann::json::sax_parse(json.begin(), json.end(), &events);
    if (!parsed || !events.problem.empty())
        return refusal(name, events.problem.empty() ? "its header is not valid JSON" : events.problem);
    SafetensorsHeader header{.tensors = std::move(events.tensors),
                             .metadata = std::move(events.metadata),
                             .dataStart = kLengthField + static_cast<std::size_t>(length)};
    if (const std::string problem = tilingProblem(header.tensors, fileSize - header.dataStart); !problem.empty())
        return refusal(name, problem);
    return header;
}

} // namespace gradus::models
