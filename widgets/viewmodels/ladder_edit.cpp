// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/ladder_edit.h"

#include "base/text.h"

#include <algorithm>

namespace gradus::viewmodels {

namespace {

using spec::Ladder;
using spec::Rung;

std::string shapeText(const Rung& rung)
{
    return "[" + std::to_string(rung.width) + ", " + std::to_string(rung.layers) + "]";
}

std::string rungsText(const std::vector<Rung>& rungs)
{
    std::string text;
    for (const Rung& rung : rungs)
        text += (text.empty() ? "" : ", ") + shapeText(rung);
    return "[" + text + "]";
}

/// Parameters but for the embedding, which all rungs of a ladder share: enough to order them.
bool isSmaller(const Rung& a, const Rung& b)
{
    const auto size = [](const Rung& rung) { return static_cast<std::int64_t>(rung.width) * rung.width * rung.layers; };
    return size(a) < size(b) || (size(a) == size(b) && a.width < b.width);
}

Result<void> placed(const Ladder& ladder, int index)
{
    if (index >= 0 && index < spec::rungCount(ladder)) return {};
    return badInput("The ladder has no rung " + std::to_string(index) + "; choose one of them.");
}

/// Both keys; start first where it falls, last where it rises, so that it is always within the list.
KeyValues listAndStart(const Ladder& ladder, const std::string& key, const std::string& list, int start)
{
    KeyValues values{{key, list}};
    if (start == ladder.start) return values;
    const std::pair<std::string, std::string> moved{"ladder.start", std::to_string(start)};
    values.insert(start < ladder.start ? values.begin() : values.end(), moved);
    return values;
}

/// A list of shapes in order, and the start on the rung that it was on.
KeyValues ordered(const Ladder& ladder, std::vector<Rung> rungs, const Rung& start)
{
    std::sort(rungs.begin(), rungs.end(), isSmaller);
    const auto at = std::find(rungs.begin(), rungs.end(), start);
    const int place = at == rungs.end() ? std::min(ladder.start, static_cast<int>(rungs.size()) - 1)
                                        : static_cast<int>(at - rungs.begin());
    return listAndStart(ladder, "ladder.rungs", rungsText(rungs), place);
}

Rung startOf(const Ladder& ladder)
{
    const auto& rungs = spec::rungsOf(ladder);
    const auto at = static_cast<std::size_t>(std::max(0, ladder.start));
    return at < rungs.size() ? rungs[at] : Rung{};
}

} // namespace

LadderForm formOf(const Ladder& ladder)
{
    if (!ladder.models.empty()) return LadderForm::Folders;
    return ladder.family == "scratch" ? LadderForm::Scratch : LadderForm::Shipped;
}

Result<KeyValues> withRung(const Ladder& ladder, const Rung& rung)
{
    if (formOf(ladder) == LadderForm::Folders)
        return badInput("The rungs of this ladder are model folders; add a folder instead.");
    std::vector<Rung> rungs = spec::rungsOf(ladder);
    if (std::find(rungs.begin(), rungs.end(), rung) != rungs.end())
        return badInput("The ladder has a rung " + shapeText(rung) + " already; choose another shape.");
    rungs.push_back(rung);
    return ordered(ladder, std::move(rungs), startOf(ladder));
}

Result<KeyValues> withoutRung(const Ladder& ladder, int index)
{
    if (const auto there = placed(ladder, index); !there) return there.error();
    if (spec::rungCount(ladder) <= 2)
        return badInput("A ladder needs two rungs; add another one before this one goes.");
    int start = ladder.start > index ? ladder.start - 1 : ladder.start;
    start = std::min(start, spec::rungCount(ladder) - 2);
    if (formOf(ladder) == LadderForm::Folders) {
        std::vector<spec::FolderRung> folders = ladder.models;
        folders.erase(folders.begin() + index);
        return listAndStart(ladder, "ladder.family", spec::foldersToml(folders), start);
    }
    std::vector<Rung> rungs = spec::rungsOf(ladder);
    rungs.erase(rungs.begin() + index);
    return listAndStart(ladder, "ladder.rungs", rungsText(rungs), start);
}

Result<KeyValues> withShape(const Ladder& ladder, int index, const Rung& rung)
{
    if (const auto there = placed(ladder, index); !there) return there.error();
    if (formOf(ladder) != LadderForm::Scratch)
        return badInput("Only rungs of family \"scratch\" have shapes of their own; set ladder.family first.");
    std::vector<Rung> rungs = spec::rungsOf(ladder);
    if (rungs[static_cast<std::size_t>(index)] == rung) return KeyValues{};
    if (std::find(rungs.begin(), rungs.end(), rung) != rungs.end())
        return badInput("The ladder has a rung " + shapeText(rung) + " already; choose another shape.");
    const Rung start = index == ladder.start ? rung : startOf(ladder);
    rungs[static_cast<std::size_t>(index)] = rung;
    return ordered(ladder, std::move(rungs), start);
}

Result<KeyValues> withFolder(const Ladder& ladder, const std::string& folder)
{
    if (formOf(ladder) != LadderForm::Folders)
        return badInput("The rungs of this ladder are shapes; list model folders in ladder.family first.");
    const spec::FolderRung whole{.folder = folder};
    if (std::find(ladder.models.begin(), ladder.models.end(), whole) != ladder.models.end())
        return badInput("The ladder has the folder " + visible(folder, 200) + " already.");
    std::vector<spec::FolderRung> folders = ladder.models;
    folders.push_back(whole);
    return KeyValues{{"ladder.family", spec::foldersToml(folders)}};
}

Result<KeyValues> withFolderMoved(const Ladder& ladder, int index, int to)
{
    if (const auto there = placed(ladder, index); !there) return there.error();
    if (formOf(ladder) != LadderForm::Folders)
        return badInput("Rungs with shapes stand in the order of their sizes; only model folders are moved.");
    const int target = std::clamp(to, 0, spec::rungCount(ladder) - 1);
    if (target == index) return KeyValues{};
    std::vector<spec::FolderRung> folders = ladder.models;
    const spec::FolderRung moved = folders[static_cast<std::size_t>(index)];
    folders.erase(folders.begin() + index);
    folders.insert(folders.begin() + target, moved);
    return KeyValues{{"ladder.family", spec::foldersToml(folders)}};
}

Result<KeyValues> withFolderPart(const Ladder& ladder, int index, int layers, int adapterRank)
{
    if (const auto there = placed(ladder, index); !there) return there.error();
    if (formOf(ladder) != LadderForm::Folders)
        return badInput("Only model folders have parts; the rungs of this ladder are shapes.");
    if (layers < 0 || adapterRank < 0 || (layers > 0 && adapterRank > 0))
        return badInput("A rung is a folder's first layers or an adapter on it, not both; set one of them to 0.");
    std::vector<spec::FolderRung> folders = ladder.models;
    spec::FolderRung& rung = folders[static_cast<std::size_t>(index)];
    const spec::FolderRung part{.folder = rung.folder, .layers = layers, .adapterRank = adapterRank};
    if (part == rung) return KeyValues{};
    if (std::find(folders.begin(), folders.end(), part) != folders.end())
        return badInput("The ladder has " + visible(spec::nameOf(part), 200) + " already; choose another part of it.");
    rung = part;
    return KeyValues{{"ladder.family", spec::foldersToml(folders)}};
}

Result<KeyValues> withStart(const Ladder& ladder, int index)
{
    if (const auto there = placed(ladder, index); !there) return there.error();
    if (index == ladder.start) return KeyValues{};
    return KeyValues{{"ladder.start", std::to_string(index)}};
}

std::vector<Rung> spareRungs(const Ladder& ladder)
{
    std::vector<Rung> spare;
    if (formOf(ladder) != LadderForm::Shipped) return spare;
    const auto& used = spec::rungsOf(ladder);
    for (const Rung& rung : spec::builtinRungs())
        if (std::find(used.begin(), used.end(), rung) == used.end()) spare.push_back(rung);
    return spare;
}

} // namespace gradus::viewmodels
