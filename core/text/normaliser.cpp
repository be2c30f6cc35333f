// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/normaliser.h"

#include "text/json_parts.h"
#include "text/utf8.h"

#include <unicode/bytestream.h>
#include <unicode/edits.h>
#include <unicode/normalizer2.h>

#include <nlohmann/json.hpp>

namespace gradus::text {

namespace {

const icu::Normalizer2& nfc()
{
    static const icu::Normalizer2* instance = [] {
        UErrorCode status = U_ZERO_ERROR;
        return icu::Normalizer2::getNFCInstance(status); // ICU's own data: always there
    }();
    return *instance;
}

void applyNfc(AlignedText& text)
{
    const std::string_view bytes = text.bytes();
    if (isAscii(bytes)) return;
    const icu::StringPiece piece(bytes.data(), static_cast<std::int32_t>(bytes.size()));
    UErrorCode status = U_ZERO_ERROR;
    if (nfc().isNormalizedUTF8(piece, status) && U_SUCCESS(status)) return;
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    icu::Edits edits;
    status = U_ZERO_ERROR;
    nfc().normalizeUTF8(0, piece, sink, &edits, status);
    if (U_FAILURE(status)) return;
    AlignedText::Rewrite rewrite(text);
    auto at = edits.getFineIterator();
    std::size_t read = 0;
    std::size_t written = 0;
    while (at.next(status)) {
        const auto from = static_cast<std::size_t>(at.oldLength());
        const auto to = static_cast<std::size_t>(at.newLength());
        if (at.hasChange())
            rewrite.put(std::string_view(out).substr(written, to), read, read + from);
        else
            rewrite.keep(read, read + from);
        read += from;
        written += to;
    }
    text.take(std::move(rewrite));
}

void applyReplace(const NormaliserStep& step, AlignedText& text)
{
    const std::string_view bytes = text.bytes();
    std::size_t found = bytes.find(step.pattern);
    if (found == std::string_view::npos) return;
    AlignedText::Rewrite rewrite(text);
    std::size_t at = 0;
    for (; found != std::string_view::npos; found = bytes.find(step.pattern, at)) {
        rewrite.keep(at, found);
        rewrite.put(step.content, found, found + step.pattern.size());
        at = found + step.pattern.size();
    }
    rewrite.keep(at, bytes.size());
    text.take(std::move(rewrite));
}

void applyPrepend(const NormaliserStep& step, AlignedText& text)
{
    const std::string_view bytes = text.bytes();
    if (bytes.empty()) return;
    AlignedText::Rewrite rewrite(text);
    rewrite.put(step.content, 0, characterLength(bytes.front()));
    rewrite.keep(0, bytes.size());
    text.take(std::move(rewrite));
}

Result<void> addSteps(const nlohmann::json& json, const std::string& file, int depth, std::size_t& growth,
                      std::vector<NormaliserStep>& steps)
{
    const std::string type = typeOf(json);
    if (type == "NFC") {
        steps.push_back({NormaliserStep::Kind::Nfc, "", ""});
    } else if (type == "Prepend") {
        const auto content = textOf(json, "prepend", file);
        if (!content) return content.error();
        if (content->size() > kLongestMark) return unsupported(file, "normaliser", "Prepend of a long text");
        steps.push_back({NormaliserStep::Kind::Prepend, "", *content});
    } else if (type == "Replace") {
        const auto pattern = literalPattern(json, file);
        if (!pattern) return pattern.error();
        const auto content = textOf(json, "content", file);
        if (!content) return content.error();
        if (auto bounded = boundGrowth(growth, pattern->size(), content->size(), file); !bounded) return bounded;
        steps.push_back({NormaliserStep::Kind::Replace, *pattern, *content});
    } else if (type == "Sequence" && depth < kDeepest) {
        for (const nlohmann::json& part : partsOf(json, "normalizers"))
            if (auto added = addSteps(part, file, depth + 1, growth, steps); !added) return added;
    } else {
        return unsupported(file, "normaliser", type);
    }
    return {};
}

} // namespace

Result<Normaliser> Normaliser::fromJson(const nlohmann::json& json, const std::string& file)
{
    Normaliser made;
    if (json.is_null()) return made;
    std::size_t growth = 1;
    if (auto added = addSteps(json, file, 0, growth, made.m_steps); !added) return added.error();
    return made;
}

void Normaliser::apply(AlignedText& text) const
{
    for (const NormaliserStep& step : m_steps) {
        if (step.kind == NormaliserStep::Kind::Nfc) applyNfc(text);
        if (step.kind == NormaliserStep::Kind::Prepend) applyPrepend(step, text);
        if (step.kind == NormaliserStep::Kind::Replace) applyReplace(step, text);
    }
}

} // namespace gradus::text
