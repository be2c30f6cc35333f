// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/note.h"

#include "base/files.h"
#include "base/trimmed.h"

#include <algorithm>

namespace gradus::report {

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

std::vector<std::string> paragraphsOf(const std::string& note)
{
    std::vector<std::string> paragraphs;
    std::string rest = note;
    while (!rest.empty()) {
        const std::size_t end = rest.find("\n\n");
        std::string one(trimmed(rest.substr(0, end)));
        std::replace(one.begin(), one.end(), '\n', ' ');
        if (!one.empty()) paragraphs.push_back(std::move(one));
        rest = end == std::string::npos ? std::string() : rest.substr(end + 2);
    }
    return paragraphs;
}

} // namespace

Result<std::string> readNote(const std::filesystem::path& file)
{
    if (file.empty()) return std::string();
    return readFile(file, kMostBytes);
}

Section answerSection(const std::string& note, std::vector<std::string> computed)
{
    Section section{"Answer", {}};
    for (std::string& paragraph : paragraphsOf(note))
        section.blocks.emplace_back(Paragraph{std::move(paragraph)});
    if (!computed.empty()) section.blocks.emplace_back(BulletList{std::move(computed)});
    return section;
}

} // namespace gradus::report
