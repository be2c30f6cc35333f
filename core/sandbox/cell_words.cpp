// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/cell_words.h"

#include "base/text.h"

#include <system_error>

namespace gradus::sandbox {

namespace {

/// The system's own words: base's cures are about the host's files.
std::string systemWords(int fault)
{
    return std::generic_category().message(fault);
}

} // namespace

std::string sentenceOf(ToolError error, int fault, std::string_view what)
{
    switch (error) {
    case ToolError::None:
        return {};
    case ToolError::Timeout:
        return "The command did not end in its time and was killed.";
    case ToolError::OutputLimit:
        return "More output than is taken; what came first is kept.";
    case ToolError::Limit:
        return visible(what) + ": a limit of the cell was met (" + systemWords(fault) + ").";
    default:
        return visible(what) + ": " + systemWords(fault) + ".";
    }
}

CellEnd endOf(const std::string& words)
{
    if (words.starts_with("asked")) return {EndKind::Asked, "The cell was ended."};
    if (words.starts_with("setup")) return {EndKind::Setup, "Bubblewrap could not set the cell up; nothing ran in it."};
    if (words.starts_with("ran")) return {EndKind::Ran, "The cell's first process ended by itself."};
    if (words.starts_with("memory"))
        return {EndKind::Memory,
                "The watchdog ended the cell: its processes and what the kernel may hold for them came to " +
                    words.substr(7) + " bytes."};
    if (words.starts_with("inodes"))
        return {EndKind::Inodes, "The watchdog ended the cell: it had made " + words.substr(7) + " files."};
    if (words.starts_with("time")) return {EndKind::Time, "The episode's time is over."};
    return {EndKind::Lost, "The cell's keeper is gone, and the cell with it."};
}

} // namespace gradus::sandbox
