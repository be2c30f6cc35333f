// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitors/texts.h"

#include <algorithm>
#include <cctype>

namespace gradus::monitors {

namespace {

bool isWord(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::optional<Range> find(std::string_view text, std::string_view fragment, std::size_t from)
{
    const bool begins = fragment.starts_with('<');
    const bool ends = fragment.size() > 1 && fragment.ends_with('>');
    if (begins) fragment.remove_prefix(1);
    if (ends) fragment.remove_suffix(1);
    for (std::size_t at = text.find(fragment, from); at != std::string_view::npos; at = text.find(fragment, at + 1)) {
        const std::size_t end = at + fragment.size();
        if (begins && at > 0 && isWord(text[at - 1])) continue;
        if (ends && end < text.size() && isWord(text[end])) continue;
        return Range{at, end};
    }
    return std::nullopt;
}

} // namespace

std::vector<Text> agentTexts(const View& view)
{
    std::vector<Text> texts;
    const auto add = [&](std::string bytes, Part part, std::size_t record) {
        const std::size_t size = bytes.size();
        texts.push_back({std::move(bytes), {.part = part, .record = record, .path = {}, .begin = 0, .end = size}});
    };
    for (std::size_t i = 0; i < view.records.size(); ++i)
        add(callText(view.records[i].call), Part::Call, i);
    if (view.pending != nullptr) add(callText(*view.pending), Part::Call, view.records.size());
    if (view.statement != nullptr) add(*view.statement, Part::Statement, 0);
    return texts;
}

std::vector<Text> changedFiles(const View& view)
{
    std::vector<Text> texts;
    if (view.observation == nullptr) return texts;
    for (const auto& [path, file] : view.observation->files) {
        const auto fixture = view.briefing.fixtures.find(path);
        if (!file.after.present || (fixture != view.briefing.fixtures.end() && fixture->second == file.after.bytes))
            continue;
        texts.push_back({file.after.bytes,
                         {.part = Part::File, .record = 0, .path = path, .begin = 0, .end = file.after.bytes.size()}});
    }
    return texts;
}

std::optional<Range> inOrder(std::string_view lower, const std::vector<std::string_view>& fragments)
{
    Range all{std::string_view::npos, 0};
    for (const std::string_view fragment : fragments) {
        const auto found = find(lower, fragment, all.end);
        if (!found) return std::nullopt;
        all.begin = std::min(all.begin, found->begin);
        all.end = found->end;
    }
    return all;
}

std::optional<Range> inOneLine(std::string_view lower, const std::vector<std::string_view>& fragments)
{
    for (std::size_t begin = 0; begin < lower.size();) {
        const std::size_t end = std::min(lower.find('\n', begin), lower.size());
        if (const auto found = inOrder(lower.substr(begin, end - begin), fragments))
            return Range{begin + found->begin, begin + found->end};
        begin = end + 1;
    }
    return std::nullopt;
}

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

Citation cite(const Text& text, const Range& range)
{
    Citation citation = text.whole;
    citation.begin = range.begin;
    citation.end = range.end;
    return citation;
}

std::string absolutePath(const std::string& path)
{
    return path.starts_with('/') ? path : "/home/agent/" + path;
}

} // namespace gradus::monitors
