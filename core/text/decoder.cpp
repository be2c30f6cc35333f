// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/decoder.h"

#include "text/bpe_model.h"
#include "text/json_parts.h"
#include "text/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace gradus::text {

namespace {

std::string joined(const std::vector<std::string>& tokens)
{
    std::string all;
    for (const std::string& token : tokens)
        all += token;
    return all;
}

/// A token that stands for no bytes (an added one) is its own text.
std::string bytesOf(const std::vector<std::string>& tokens)
{
    std::string all;
    for (const std::string& token : tokens)
        all += bytesOfStandIns(token).value_or(token);
    return repairedUtf8(all);
}

void replaceAll(std::string& text, const std::string& from, const std::string& to)
{
    std::size_t found = text.find(from);
    if (found == std::string::npos) return;
    std::string made;
    std::size_t kept = 0;
    for (; found != std::string::npos; found = text.find(from, kept)) {
        made.append(text, kept, found - kept).append(to);
        kept = found + from.size();
    }
    text = made.append(text, kept);
}

int fallbackByte(const std::string& token) ///< of "<0x0A>", else -1
{
    if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>') return -1;
    int byte = -1;
    const auto [end, error] = std::from_chars(token.data() + 3, token.data() + 5, byte, 16);
    return error == std::errc() && end == token.data() + 5 ? byte : -1;
}

/// Runs of byte tokens that are UTF-8 become that text; others one U+FFFD a byte.
std::vector<std::string> withoutFallbacks(const std::vector<std::string>& tokens)
{
    std::vector<std::string> out;
    std::string run;
    const auto flush = [&] {
        if (run.empty()) return;
        if (isUtf8(run))
            out.push_back(run);
        else
            out.insert(out.end(), run.size(), "\xEF\xBF\xBD");
        run.clear();
    };
    for (const std::string& token : tokens) {
        const int byte = fallbackByte(token);
        if (byte >= 0) {
            run += static_cast<char>(byte);
            continue;
        }
        flush();
        out.push_back(token);
    }
    flush();
    return out;
}

void strip(std::string& token, const std::string& content, int start, int stop)
{
    std::string_view rest = token;
    for (int i = 0; i < start && rest.starts_with(content); ++i)
        rest.remove_prefix(content.size());
    for (int i = 0; i < stop && rest.ends_with(content); ++i)
        rest.remove_suffix(content.size());
    if (rest.size() < token.size()) token = std::string(rest);
}

} // namespace

Result<void> TokenDecoder::add(const nlohmann::json& json, const std::string& file, int depth, std::size_t& growth,
                               std::vector<Step>& steps)
{
    const std::string type = typeOf(json);
    const auto text = [&](const char* key, std::string& into) -> Result<void> {
        auto read = textOf(json, key, file);
        if (!read) return read.error();
        into = std::move(*read);
        return {};
    };
    Step step;
    if (type == "ByteLevel") {
        step.kind = Step::Kind::ByteLevel;
    } else if (type == "ByteFallback") {
        step.kind = Step::Kind::ByteFallback;
    } else if (type == "Fuse") {
        step.kind = Step::Kind::Fuse;
    } else if (type == "Replace") {
        step.kind = Step::Kind::Replace;
        auto pattern = literalPattern(json, file);
        if (!pattern) return pattern.error();
        step.pattern = std::move(*pattern);
        if (auto read = text("content", step.content); !read) return read;
        if (auto bounded = boundGrowth(growth, step.pattern.size(), step.content.size(), file); !bounded)
            return bounded;
    } else if (type == "Strip") {
        step.kind = Step::Kind::Strip;
        if (auto read = text("content", step.content); !read) return read;
        if (step.content.empty()) return unsupported(file, "decoder", "Strip of nothing");
        step.start = std::clamp(json.value("start", 0), 0, 1000);
        step.stop = std::clamp(json.value("stop", 0), 0, 1000);
    } else if (type == "Metaspace") {
        step.kind = Step::Kind::Metaspace;
        if (auto read = text("replacement", step.pattern); !read) return read;
        if (step.pattern.empty()) return unsupported(file, "decoder", "Metaspace without a replacement");
        step.strips = json.value("prepend_scheme", std::string("always")) != "never";
    } else if (type == "Sequence" && depth < kDeepest) {
        for (const nlohmann::json& part : partsOf(json, "decoders"))
            if (auto added = add(part, file, depth + 1, growth, steps); !added) return added;
        return {};
    } else {
        return unsupported(file, "decoder", type);
    }
    steps.push_back(std::move(step));
    return {};
}

Result<TokenDecoder> TokenDecoder::fromJson(const nlohmann::json& json, const std::string& file)
{
    TokenDecoder made;
    made.m_spaced = json.is_null();
    if (made.m_spaced) return made;
    std::size_t growth = 1;
    try {
        if (auto added = add(json, file, 0, growth, made.m_steps); !added) return added.error();
    } catch (const nlohmann::json::exception&) {
        return badInput(file + ": the decoder has a value of the wrong kind; fetch the tokenizer again.");
    }
    return made;
}

std::string TokenDecoder::decode(std::vector<std::string> tokens) const
{
    if (m_spaced) {
        std::string all;
        for (const std::string& token : tokens)
            all += (all.empty() ? "" : " ") + token;
        return all;
    }
    for (const Step& step : m_steps) {
        switch (step.kind) {
        case Step::Kind::ByteLevel:
            tokens = {bytesOf(tokens)};
            break;
        case Step::Kind::ByteFallback:
            tokens = withoutFallbacks(tokens);
            break;
        case Step::Kind::Fuse:
            tokens = {joined(tokens)};
            break;
        case Step::Kind::Replace:
            for (std::string& token : tokens)
                replaceAll(token, step.pattern, step.content);
            break;
        case Step::Kind::Strip:
            for (std::string& token : tokens)
                strip(token, step.content, step.start, step.stop);
            break;
        case Step::Kind::Metaspace:
            for (std::size_t i = 0; i < tokens.size(); ++i) {
                if (i == 0 && step.strips && tokens[i].starts_with(step.pattern))
                    tokens[i].erase(0, step.pattern.size());
                replaceAll(tokens[i], step.pattern, " ");
            }
            break;
        }
    }
    return joined(tokens);
}

} // namespace gradus::text
