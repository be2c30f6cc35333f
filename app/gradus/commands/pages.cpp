// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/pages.h"

#include "base/files.h"
#include "commands/commands.h"
#include "report/html.h"
#include "report/note.h"

#include <cstdio>
#include <filesystem>

namespace gradus::app {

namespace {

Result<void> checkName(const std::string& page)
{
    if (std::filesystem::path(page).extension() == ".html") return {};
    return badInput("A page is HTML, so " + page + " must end in .html.");
}

} // namespace

Result<std::string> noteOfPage(const std::string& page, const std::string& noteFile)
{
    if (page.empty() && !noteFile.empty())
        return badInput("--note stands on a page and none is written: name one with -o PAGE.html.");
    if (!page.empty())
        if (const auto named = checkName(page); !named) return named.error();
    return report::readNote(noteFile);
}

int writePage(const std::string& file, const report::Report& page)
{
    if (const auto named = checkName(file); !named) return report(named.error());
    const std::string html = report::htmlOf(page);
    if (const auto written = writeFileAtomically(file, html); !written) return report(written.error());
    std::printf("%s: %zu kB\n", file.c_str(), (html.size() + 512) / 1024);
    return 0;
}

} // namespace gradus::app
