// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/pre_tokenizer.h"

#include "text/json_parts.h"
#include "text/split_pattern.h"
#include "text/utf8.h"

#include <nlohmann/json.hpp>

namespace gradus::text {

namespace {

using Step = PreTokenizerStep;

// The pattern published with GPT-2, which ByteLevel uses unless it is told not to.
constexpr const char* kByteLevelPattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

void cutAfter(const std::string& literal, std::string_view text, std::pair<std::size_t, std::size_t> piece, Pieces& out)
{
    std::size_t at = piece.first;
    for (std::size_t found = text.find(literal, at); found != std::string_view::npos && found < piece.second;
         found = text.find(literal, at)) {
        out.emplace_back(at, found + literal.size());
        at = found + literal.size();
    }
    if (at < piece.second) out.emplace_back(at, piece.second);
}

void cutBefore(const std::string& literal, std::string_view text, std::pair<std::size_t, std::size_t> piece,
               Pieces& out)
{
    std::size_t begin = piece.first;
    for (std::size_t found = text.find(literal, begin); found != std::string_view::npos && found < piece.second;
         found = text.find(literal, found + literal.size())) {
        if (found > begin) out.emplace_back(begin, found);
        begin = found;
    }
    if (begin < piece.second) out.emplace_back(begin, piece.second);
}

void prefixed(AlignedText& text, const std::string& prefix)
{
    AlignedText::Rewrite rewrite(text);
    rewrite.put(prefix, 0, characterLength(text.bytes().front()));
    rewrite.keep(0, text.bytes().size());
    text.take(std::move(rewrite));
}

void replaced(AlignedText& text, char from, const std::string& to)
{
    const std::string_view bytes = text.bytes();
    if (bytes.find(from) == std::string_view::npos) return;
    AlignedText::Rewrite rewrite(text);
    std::size_t kept = 0;
    for (std::size_t at = bytes.find(from); at != std::string_view::npos; at = bytes.find(from, kept)) {
        rewrite.keep(kept, at);
        rewrite.put(to, at, at + 1);
        kept = at + 1;
    }
    rewrite.keep(kept, bytes.size());
    text.take(std::move(rewrite));
}

bool wantsPrefix(const Step& step, std::string_view text, bool first)
{
    if (text.empty() || step.prefix == Step::Prefix::Never) return false;
    if (step.prefix == Step::Prefix::First && !first) return false;
    return !text.starts_with(step.literal);
}

} // namespace

Result<void> PreTokenizer::addByteLevel(const nlohmann::json& json, const std::string& file)
{
    m_byteLevel = true;
    if (truthOf(json, "add_prefix_space", true)) {
        if (!m_steps.empty()) return unsupported(file, "pre-tokenizer", "ByteLevel with a prefix space after a split");
        m_steps.push_back({.kind = Step::Kind::PrefixSpace, .pattern = {}, .literal = " "});
    }
    if (!truthOf(json, "use_regex", true)) return {};
    auto pattern = SplitPattern::compile(kByteLevelPattern, file);
    if (!pattern) return pattern.error();
    m_steps.push_back({.kind = Step::Kind::Pattern, .pattern = std::move(*pattern), .literal = {}});
    return {};
}

Result<void> PreTokenizer::addSplit(const nlohmann::json& json, const std::string& file)
{
    const auto behaviour = textOf(json, "behavior", file);
    if (!behaviour) return behaviour.error();
    if (truthOf(json, "invert", false)) return unsupported(file, "pre-tokenizer", "inverted Split");
    const auto pattern = json.find("pattern");
    if (*behaviour == "Isolated" && pattern != json.end() && pattern->is_object() && pattern->contains("Regex") &&
        (*pattern)["Regex"].is_string()) {
        auto compiled = SplitPattern::compile((*pattern)["Regex"].get<std::string>(), file);
        if (!compiled) return compiled.error();
        m_steps.push_back({.kind = Step::Kind::Pattern, .pattern = std::move(*compiled), .literal = {}});
        return {};
    }
    if (*behaviour != "MergedWithPrevious") return unsupported(file, "pre-tokenizer", "Split, " + *behaviour);
    auto literal = literalPattern(json, file);
    if (!literal) return literal.error();
    m_steps.push_back({.kind = Step::Kind::MergedWithPrevious, .pattern = {}, .literal = std::move(*literal)});
    return {};
}

Result<void> PreTokenizer::addMetaspace(const nlohmann::json& json, const std::string& file)
{
    auto literal = textOf(json, "replacement", file);
    if (!literal) return literal.error();
    if (literal->empty()) return unsupported(file, "pre-tokenizer", "Metaspace without a replacement");
    if (literal->size() > kLongestMark) return unsupported(file, "pre-tokenizer", "Metaspace with a long replacement");
    Step step{.kind = Step::Kind::Metaspace, .pattern = {}, .literal = std::move(*literal)};
    const std::string scheme = json.value("prepend_scheme", std::string("always"));
    if (scheme != "always" && scheme != "first" && scheme != "never")
        return unsupported(file, "prefix of a Metaspace", scheme);
    step.prefix = scheme == "always"  ? Step::Prefix::Always
                  : scheme == "first" ? Step::Prefix::First
                                      : Step::Prefix::Never;
    step.splits = truthOf(json, "split", true);
    if (!m_steps.empty()) return unsupported(file, "pre-tokenizer", "Metaspace after a split");
    m_steps.push_back(std::move(step));
    return {};
}

Result<void> PreTokenizer::add(const nlohmann::json& json, const std::string& file, int depth)
{
    const std::string type = typeOf(json);
    if (type == "ByteLevel") return addByteLevel(json, file);
    if (type == "Split") return addSplit(json, file);
    if (type == "Metaspace") return addMetaspace(json, file);
    if (type == "Digits") {
        m_steps.push_back({.kind = Step::Kind::Digits, .pattern = {}, .literal = {}});
        m_steps.back().splits = truthOf(json, "individual_digits", false);
        auto pattern = SplitPattern::compile(m_steps.back().splits ? R"(\p{N})" : R"(\p{N}+)", file);
        if (!pattern) return pattern.error();
        m_steps.back().pattern = std::move(*pattern);
        return {};
    }
    if (type != "Sequence" || depth >= kDeepest) return unsupported(file, "pre-tokenizer", type);
    for (const nlohmann::json& part : partsOf(json, "pretokenizers"))
        if (auto added = add(part, file, depth + 1); !added) return added;
    return {};
}

Result<PreTokenizer> PreTokenizer::fromJson(const nlohmann::json& json, const std::string& file)
{
    PreTokenizer made;
    if (json.is_null()) return made;
    try {
        if (auto added = made.add(json, file, 0); !added) return added.error();
    } catch (const nlohmann::json::exception&) {
        return badInput(file + ": the pre-tokenizer has a value of the wrong kind; fetch the tokenizer again.");
    }
    return made;
}

void PreTokenizer::apply(AlignedText& text, bool first, Pieces& pieces) const
{
    // What changes the text comes before what cuts it (fromJson sees to that).
    for (const Step& step : m_steps) {
        if (step.kind == Step::Kind::PrefixSpace && !text.bytes().empty() && leadingSpace(text.bytes()) == 0)
            prefixed(text, step.literal);
        if (step.kind != Step::Kind::Metaspace) continue;
        replaced(text, ' ', step.literal);
        if (wantsPrefix(step, text.bytes(), first)) prefixed(text, step.literal);
    }
    pieces.clear();
    if (text.bytes().empty()) return;
    pieces.emplace_back(0, text.bytes().size());
    Pieces cut;
    for (const Step& step : m_steps) {
        if (step.kind == Step::Kind::PrefixSpace || (step.kind == Step::Kind::Metaspace && !step.splits)) continue;
        cut.clear();
        for (const auto& piece : pieces) {
            if (step.pattern)
                step.pattern->cut(text.bytes(), piece.first, piece.second, cut);
            else if (step.kind == Step::Kind::Metaspace)
                cutBefore(step.literal, text.bytes(), piece, cut);
            else
                cutAfter(step.literal, text.bytes(), piece, cut);
        }
        pieces.swap(cut);
    }
}

} // namespace gradus::text
