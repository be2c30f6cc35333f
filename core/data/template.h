// SPDX-License-Identifier: GPL-3.0-or-later
// How a file of some published shape becomes items: the roles of its columns and what a row means.
#pragma once

#include "base/result.h"
#include "data/cell_path.h"
#include "data/table.h"
#include "data/task.h"

#include <string>
#include <vector>

namespace gradus::data {

/// One text an item (Classify) or one a class (Compare).
struct RawItem
{
    std::vector<std::string> texts;
    int truth = 0;
    int line = 0;      ///< of the row it came from
    std::string group; ///< items of one group (a prompt, a context) never stand in both halves of a split file
};

/// A file's items and how many rows carried no information and were left out.
struct RawItems
{
    std::vector<RawItem> items;
    std::size_t leftOut = 0;
    std::size_t distrusted = 0; ///< answers whose scores contradict one another: no item is made of them
};

/// What a column is for. Its name is the column's unless [task] columns renames it.
struct Role
{
    enum class Need
    {
        One,      ///< the file must have it
        Optional, ///< used where the file has it
        Many,     ///< one or more columns, separated by commas
    };
    std::string name;
    Need need = Need::One;
};

/// Where the columns of every role stand, in the order of the roles; none for an optional one that the file lacks.
using RoleCells = std::vector<std::vector<CellPath>>;

struct Template
{
    std::string name;
    std::string about; ///< what a row is, one sentence without a full stop
    std::vector<Role> roles;
    Read read = Read::Classify;
    int classes = 2;
    std::string leftOutBecause;         ///< "their two answers are equal"
    std::string distrustedBecause = {}; ///< "of their overall score ..."; empty where there is nothing to distrust
    Result<RawItems> (*items)(const Table& table, const RoleCells& cells) = nullptr;
};

/// All templates that read files, in the order of the documentation.
const std::vector<Template>& templates();
/// The template of that name, or bad input that names the nearest one. Key "task.name".
Result<Template> templateOf(const std::string& name);

/// A sentence with a space after it on answers that were distrusted; empty where none was.
std::string distrustNote(const Template& form, const RawItems& read);

/// Where the roles stand in this table. renamed: role -> column. Bad input, with key "task.columns": a renamed role
/// that the template does not use, a column that is not there.
Result<RoleCells> roleCells(const std::string& form, const std::vector<Role>& roles, const Table& table,
                            const std::vector<std::pair<std::string, std::string>>& renamed);
Result<RoleCells> roleCells(const Template& form, const Table& table,
                            const std::vector<std::pair<std::string, std::string>>& renamed);

/// A pair as an item. A hash of the pair decides which text comes first, so that truth (0: the first is better) is
/// balanced and says nothing about the file's order.
RawItem pairItem(std::string better, std::string worse, std::string group);

} // namespace gradus::data
