// SPDX-License-Identifier: GPL-3.0-or-later
// Rungs of a ladder of model folders, as they stand in experiment files: a folder's path, or a table that says which
// part of the folder is the rung.
#include "spec/checks.h"

#include "base/text.h"

#include <filesystem>
#include <utility>

namespace gradus::spec {

namespace {

constexpr int kMostLayers = 4096;  ///< as models::checkShape: what the folder has is known to whoever opens it
constexpr int kMostRank = 1 << 20; ///< likewise, of its width
constexpr const char* kForm =
    "{ folder = \"models/large\", layers = 12 } or { folder = \"models/large\", adapter_rank = 8 }";

Error wrongEntry(const KeyInfo& key, const Node& at, const std::string& sentence)
{
    return errorAt(at.begin, key.dotted(), key.dotted() + " " + sentence);
}

Result<std::string> pathFrom(const KeyInfo& key, const Node& node)
{
    if (node.kind != NodeKind::Text || node.text.empty() || !isShowable(node.text))
        return wrongEntry(key, node, "has an entry that is empty or holds control characters; name a folder.");
    return node.text;
}

/// One of the two numbers of a table.
Result<int> sizeFrom(const KeyInfo& key, const Member& member, int most)
{
    const Node& value = member.value;
    if (value.kind == NodeKind::Integer && value.integer >= 1 && value.integer <= most)
        return static_cast<int>(value.integer);
    return wrongEntry(key, value,
                      "has an entry with " + member.key + " = " + visible(textOf(value), 60) +
                          "; use a whole number from 1, or name the folder alone for all of it.");
}

Result<FolderRung> partFrom(const KeyInfo& key, const Node& table)
{
    FolderRung rung;
    for (const Member& member : table.members) {
        if (member.key == "folder") {
            auto path = pathFrom(key, member.value);
            if (!path) return path.error();
            rung.folder = std::move(*path);
        } else if (member.key == "layers" || member.key == "adapter_rank") {
            const bool layers = member.key == "layers";
            const auto size = sizeFrom(key, member, layers ? kMostLayers : kMostRank);
            if (!size) return size.error();
            (layers ? rung.layers : rung.adapterRank) = *size;
        } else
            return unknownKey(member, "an entry of " + key.dotted(), key.dotted(),
                              {"folder", "layers", "adapter_rank"});
    }
    if (rung.folder.empty())
        return wrongEntry(key, table, "has a table without a folder; write it as " + std::string(kForm) + ".");
    if (rung.layers > 0 && rung.adapterRank > 0)
        return wrongEntry(key, table, "has an entry with both layers and adapter_rank; a rung is one of them.");
    if (rung.layers == 0 && rung.adapterRank == 0)
        return wrongEntry(
            key, table, "has a table that says neither layers nor adapter_rank; name the folder alone for all of it.");
    return rung;
}

} // namespace

Result<FolderRung> folderRungFrom(const KeyInfo& key, const Node& value)
{
    if (value.kind == NodeKind::Table) return partFrom(key, value);
    if (value.kind != NodeKind::Text)
        return wrongEntry(
            key, value, "is " + std::string(nameOf(value.kind)) + " in its list; it takes " + acceptedText(key) + ".");
    auto path = pathFrom(key, value);
    if (!path) return path.error();
    return FolderRung{.folder = std::move(*path)};
}

std::string foldersToml(const std::vector<FolderRung>& rungs)
{
    std::string out;
    for (const FolderRung& rung : rungs) {
        std::string entry = tomlString(rung.folder);
        if (rung.layers > 0) entry = "{ folder = " + entry + ", layers = " + std::to_string(rung.layers) + " }";
        if (rung.adapterRank > 0)
            entry = "{ folder = " + entry + ", adapter_rank = " + std::to_string(rung.adapterRank) + " }";
        out += (out.empty() ? "" : ", ") + entry;
    }
    return "[" + out + "]";
}

std::string nameOf(const FolderRung& rung)
{
    const std::filesystem::path path(rung.folder);
    const std::string name = path.has_filename() ? path.filename().string() : path.parent_path().filename().string();
    if (rung.layers > 0) return name + ", " + counted(static_cast<std::size_t>(rung.layers), "layer");
    if (rung.adapterRank > 0) return name + ", adapter of rank " + std::to_string(rung.adapterRank);
    return name;
}

} // namespace gradus::spec
