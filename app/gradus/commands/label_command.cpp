// SPDX-License-Identifier: GPL-3.0-or-later
// data label: a person labels items in the terminal, one key an item.
#include "base/text.h"
#include "commands/commands.h"
#include "run/label_queue.h"

#include <array>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <termios.h>
#include <unistd.h>

namespace gradus::app {

namespace {

struct LabelArguments
{
    std::string items;
    std::string labels;
    std::string annotator;
    std::string background;
};

constexpr int kMostByKey = 10; ///< above so many labels one key is not enough, and the number ends with a line

/// A terminal that gives keys as they are pressed, as long as this lives. What is no terminal is left alone.
class Keys final
{
public:
    explicit Keys(bool wanted)
    {
        if (!wanted || isatty(STDIN_FILENO) != 1 || tcgetattr(STDIN_FILENO, &m_before) != 0) return;
        termios raw = m_before;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO); // signals still come
        m_isRaw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
    }
    ~Keys()
    {
        if (m_isRaw) tcsetattr(STDIN_FILENO, TCSANOW, &m_before);
    }
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;

private:
    termios m_before = {};
    bool m_isRaw = false;
};

/// SIGINT and SIGTERM end the waiting for a key while this lives: what the program does at them otherwise is set by
/// signal(), which lets a read go on. Labels given so far are in the file.
class Interruptible final
{
public:
    Interruptible()
    {
        struct sigaction ends = {};
        ends.sa_handler = [](int) {};
        for (std::size_t i = 0; i < m_before.size(); ++i)
            sigaction(kSignals[i], &ends, &m_before[i]);
    }
    ~Interruptible()
    {
        for (std::size_t i = 0; i < m_before.size(); ++i)
            sigaction(kSignals[i], &m_before[i], nullptr);
    }
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;

private:
    static constexpr std::array kSignals = {SIGINT, SIGTERM};
    std::array<struct sigaction, 2> m_before = {};
};

/// A key, or a line where labels have two digits; none at the end of what is typed.
std::optional<std::string> answer(bool isLine)
{
    std::string text;
    for (int c = std::getchar(); c != EOF; c = std::getchar()) {
        if (isLine && c == '\n') return text;
        if (!isLine && std::isspace(c) == 0) return std::string(1, static_cast<char>(c));
        if (isLine && std::isspace(c) == 0) text += static_cast<char>(c);
    }
    return text.empty() ? std::nullopt : std::optional(text);
}

void show(const run::LabelItem& item, const run::LabelQueue& queue)
{
    std::printf("\n%zu of %zu labelled, item %s\n", queue.labelled(), queue.size(), item.name.c_str());
    for (std::size_t i = 0; i < item.texts.size(); ++i)
        std::printf("%s%s\n", item.textsAreChoices ? ("[" + std::to_string(i) + "] ").c_str() : "",
                    visibleLines(item.texts[i]).c_str());
    std::printf("%s 0 to %d, s: pass over, u: undo, q: quit > ",
                item.textsAreChoices ? "Which text is right?" : "Which class?", item.choices - 1);
    std::fflush(stdout);
}

int summary(const run::LabelQueue& queue, const run::LabelRequest& request)
{
    std::printf("\n%zu of %zu items are labelled by %s, in %s.\n", queue.labelled(), queue.size(),
                visible(request.annotator).c_str(), visible(request.labels.string(), 300).c_str());
    return 0;
}

int labelItems(const run::LabelRequest& request)
{
    auto queue = run::LabelQueue::open(request);
    if (!queue) return report(queue.error());
    while (const run::LabelItem* item = queue->next()) {
        const bool isLine = item->choices > kMostByKey;
        show(*item, *queue);
        const Keys keys(!isLine);
        const Interruptible interruptible;
        const auto said = answer(isLine);
        if (!said || *said == "q") break;
        std::printf("%s\n", visible(*said, 20).c_str());
        if (*said == "s") {
            queue->pass();
        } else if (*said == "u") {
            const auto undone = queue->undo();
            if (!undone) return report(undone.error());
            if (!*undone) std::printf("There is nothing to undo in this session.\n");
        } else if (const auto label = parseNumber(*said);
                   label && *label >= 0 && *label < item->choices && *label == static_cast<int>(*label)) {
            if (const auto written = queue->label(static_cast<int>(*label)); !written) return report(written.error());
        } else {
            std::printf("\"%s\" is no label of this item.\n", visible(*said, 20).c_str());
        }
    }
    return summary(*queue, request);
}

} // namespace

void addLabel(CLI::App& data, Invocation& invocation)
{
    auto arguments = std::make_shared<LabelArguments>();
    CLI::App* action = data.add_subcommand("label", "Label items in the terminal, one key an item.");
    action->footer(
        "Each label is in the file at once; the same command goes on where you stopped.\n"
        "  gradus data items experiment.toml -o items.jsonl\n"
        "  gradus data label items.jsonl --labels labels.csv --annotator ada --background \"nurse, 12 years\"\n"
        "In the experiment: [[signals.source]] kind = \"human\", file = \"labels.csv\", annotator = \"ada\"");
    action->add_option("items", arguments->items, "What `gradus data items` wrote")->required();
    action->add_option("--labels", arguments->labels, "CSV or JSON Lines that the labels are added to")->required();
    action->add_option("--annotator", arguments->annotator, "Who labels")->required();
    action->add_option("--background", arguments->background, "What readers of the labels should know of the person");
    action->callback([arguments, &invocation] {
        invocation.exitCode = labelItems({.items = arguments->items,
                                          .labels = arguments->labels,
                                          .annotator = arguments->annotator,
                                          .background = arguments->background});
    });
}

} // namespace gradus::app
