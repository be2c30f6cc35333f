// SPDX-License-Identifier: GPL-3.0-or-later
// gradus report: the report on an experiment as one file.
#include "base/files.h"
#include "commands/against_option.h"
#include "commands/commands.h"
#include "commands/pages.h"
#include "report/gather.h"
#include "report/html.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace gradus::app {

namespace {

struct Arguments
{
    std::vector<std::string> names;
    std::string store;
    std::string output = "report.html";
    std::string baseline;
    std::vector<std::string> against;
    std::string note;
    std::string test = "student";
};

/// Text layout is the window's.
Error becomePdfWriter(const Arguments& arguments)
{
    std::vector<std::string> words{storePath(arguments.store).string(), "--report", arguments.output, "--test",
                                   arguments.test};
    for (const std::string& name : arguments.names)
        words.insert(words.end(), {"--of", name});
    if (!arguments.baseline.empty()) words.insert(words.end(), {"--baseline", arguments.baseline});
    for (const std::string& contrast : arguments.against)
        words.insert(words.end(), {"--against", contrast});
    if (!arguments.note.empty()) words.insert(words.end(), {"--note", arguments.note});
    const Error error = becomeWorkbench(words);
    return badInput("A PDF is laid out by the window: " + error.message + " Or write a file that ends in .html.");
}

int write(const Arguments& arguments)
{
    const std::filesystem::path output = arguments.output;
    if (output.extension() == ".pdf") return report(becomePdfWriter(arguments));
    if (output.extension() != ".html")
        return report(badInput("A report is HTML or PDF, so " + arguments.output + " must end in .html or .pdf."));
    const auto content = report::gather(
        {.store = storePath(arguments.store),
         .names = arguments.names,
         .baseline = arguments.baseline,
         .against = arguments.against,
         .test = arguments.test == "student" ? compare::TestKind::Student : compare::TestKind::Permutation,
         .noteFile = arguments.note,
         .program = std::string("Gradus ") + GRADUS_VERSION});
    if (!content) return report(content.error());
    const std::string html = report::htmlOf(*content);
    if (const auto written = writeFileAtomically(output, html); !written) return report(written.error());
    for (const std::string& remark : content->remarks)
        std::printf("%s\n", remark.c_str());
    std::printf("%s: %zu kB\n", arguments.output.c_str(), (html.size() + 512) / 1024);
    return 0;
}

} // namespace

void addReport(CLI::App& app, Invocation& invocation)
{
    auto arguments = std::make_shared<Arguments>();
    CLI::App* verb = app.add_subcommand(
        "report",
        "A report on an experiment as one HTML or PDF file: question, answer, figures, tables, what was left out.");
    verb->add_option("experiment", arguments->names,
                     "Experiments by name, or runs by id (default: the newest experiment)");
    verb->add_option("-o,--output", arguments->output, "File to write")->capture_default_str();
    verb->add_option("--baseline", arguments->baseline, "Label of the condition that the others are held against");
    verb->add_option("--against", arguments->against, kAgainstHelp)->allow_extra_args(false);
    verb->add_option("--test", arguments->test, "Of the difference to the baseline")
        ->check(CLI::IsMember({"student", "permutation"}))
        ->capture_default_str();
    verb->add_option("--note", arguments->note, kNoteHelp);
    verb->add_option("--store", arguments->store, "Run store (default: the workspace's gradus.db)");
    verb->callback([arguments, &invocation] { invocation.exitCode = write(*arguments); });
}

} // namespace gradus::app
