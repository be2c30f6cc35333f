// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/ceiling_labels.h"

#include "base/files.h"

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;

} // namespace

Result<void> writeCeilingLabels(const std::filesystem::path& file, const std::string& items,
                                const std::vector<int>& labels)
{
    return writeFileAtomically(file, nlohmann::json{{"items", items}, {"labels", labels}}.dump() + "\n");
}

std::vector<int> readCeilingLabels(const std::filesystem::path& file, const std::string& items)
{
    const auto text = readFile(file, kMostBytes);
    if (!text) return {};
    const nlohmann::json json = nlohmann::json::parse(*text, nullptr, false);
    try {
        if (json.at("items") != items) return {};
        return json.at("labels").get<std::vector<int>>();
    } catch (const nlohmann::json::exception&) {
        return {};
    }
}

} // namespace gradus::pipeline
