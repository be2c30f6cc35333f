// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/pages.h"

#include "base/files.h"
#include "commands/commands.h"
#include "report/html.h"

#include <cstdio>
#include <filesystem>

namespace gradus::app {

int writePage(const std::string& file, const report::Report& page)
{
    if (std::filesystem::path(file).extension() != ".html")
        return report(badInput("A page is HTML, so " + file + " must end in .html."));
    const std::string html = report::htmlOf(page);
    if (const auto written = writeFileAtomically(file, html); !written) return report(written.error());
    std::printf("%s: %zu kB\n", file.c_str(), (html.size() + 512) / 1024);
    return 0;
}

} // namespace gradus::app
