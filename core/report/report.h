// SPDX-License-Identifier: GPL-3.0-or-later
// A report as content: sections of paragraphs, lists, tables, figures and listings. html writes it; nothing here knows
// how.
#pragma once

#include "report/chart.h"

#include <string>
#include <variant>
#include <vector>

namespace gradus::report {

struct Paragraph
{
    std::string text;
};

struct BulletList
{
    std::vector<std::string> items;
};

struct TableColumn
{
    std::string title;
    bool number = false; ///< set to the right
    bool code = false;   ///< keys, hashes, TOML: set in mono
};

struct Table
{
    std::string title;
    std::vector<TableColumn> columns;
    std::vector<std::vector<std::string>> rows; ///< as many cells as columns
    std::string note = {};                      ///< what the numbers are
    bool folded = false;                        ///< long and seldom read: closed at first where a reader can open it
};

/// A file, to be copied as it stands.
struct Listing
{
    std::string title;
    std::string text;
};

using Block = std::variant<Paragraph, BulletList, Table, Figure, Listing>;

struct Section
{
    std::string heading;
    std::vector<Block> blocks;
};

struct Report
{
    std::string title;
    std::vector<std::string> facts; ///< one line each below the title: what, when, with which program
    std::vector<Section> sections;
    std::vector<std::string> remarks = {}; ///< those facts that whoever asked for the report should be told at once
};

} // namespace gradus::report
