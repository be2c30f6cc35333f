// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/view_file.h"

#include "base/files.h"
#include "base/text.h"
#include "spec/contrasts.h"
#include "spec/toml_tree.h"

#include <array>
#include <cmath>
#include <functional>
#include <map>

namespace gradus::viewmodels {

namespace {

using spec::Node;
using spec::NodeKind;

constexpr std::size_t kLargest = std::size_t{1} << 20;

template <typename Value>
struct Word
{
    const char* word;
    Value value;
};
constexpr std::array kCentres{Word<compare::Centre>{"mean", compare::Centre::Mean},
                              Word<compare::Centre>{"median", compare::Centre::Median},
                              Word<compare::Centre>{"interquartile-mean", compare::Centre::InterquartileMean}};
constexpr std::array kBands{
    Word<compare::Band>{"t", compare::Band::StudentT}, Word<compare::Band>{"bootstrap", compare::Band::Bootstrap},
    Word<compare::Band>{"range", compare::Band::Range}, Word<compare::Band>{"none", compare::Band::None}};
constexpr std::array kAlignments{Word<Alignment>{"step", Alignment::Step},
                                 Word<Alignment>{"share-of-run", Alignment::ShareOfRun},
                                 Word<Alignment>{"generation", Alignment::Generation}};
constexpr std::array kSmoothings{
    Word<SmoothingKind>{"time-ema", SmoothingKind::TimeEma}, Word<SmoothingKind>{"gaussian", SmoothingKind::Gaussian},
    Word<SmoothingKind>{"mean", SmoothingKind::Mean}, Word<SmoothingKind>{"median", SmoothingKind::Median}};
constexpr std::array kTabs{Word<int>{"charts", 0}, Word<int>{"table", 1}, Word<int>{"diff", 2},
                           Word<int>{"relations", 3}, Word<int>{"containment", 4}};
constexpr std::array kThemes{Word<int>{"light", 0}, Word<int>{"dark", 1}};

template <typename Words, typename Value>
const char* wordOf(const Words& words, Value value)
{
    for (const auto& [word, one] : words)
        if (one == value) return word;
    return words.front().word;
}

/// Reads one view; the first thing that is wrong ends it.
class ViewReader
{
public:
    ViewReader(const Node& root, const std::string& file) : m_root(root), m_file(file) {}

    Result<ViewFile> read()
    {
        ViewFile view;
        double version = 0;
        std::vector<double> size{double(view.width), double(view.height)};
        // Before any key: a newer file may have others.
        if (const auto* section = m_root.find("view"))
            if (const auto* member = section->value.find("version")) number(member->value, version, 1, 1e9);
        if (m_error) return *m_error;
        if (version < 1) return badInput(m_file + " is no view: it has no version in [view].");
        if (version > kViewVersion)
            return badInput(m_file + " is a view of version " + numberText(version) + " and this program reads up to " +
                            std::to_string(kViewVersion) + "; use the newer Gradus that wrote it.");
        section("view", {{"version", [](const Node&) {}},
                         {"runs", [&](const Node& n) { texts(n, view.runs); }},
                         {"tab", [&](const Node& n) { view.tab = wordIn(n, kTabs); }},
                         {"cards", [&](const Node& n) { texts(n, view.cards); }},
                         {"theme", [&](const Node& n) { view.theme = wordIn(n, kThemes); }},
                         {"size", [&](const Node& n) { numbers(n, size, 200, 8000); }}});
        section("curves",
                {{"centre", [&](const Node& n) { view.curves.centre = valueIn(n, kCentres, view.curves.centre); }},
                 {"interval", [&](const Node& n) { view.curves.band = valueIn(n, kBands, view.curves.band); }},
                 {"x", [&](const Node& n) { view.curves.alignment = valueIn(n, kAlignments, view.curves.alignment); }},
                 {"smoothing", [&](const Node& n) { smoothing(n, view.curves.smoothing); }},
                 {"strength", [&](const Node& n) { number(n, view.curves.smoothing.strength, 0, 100); }},
                 {"range",
                  [&](const Node& n) {
                      std::vector<double> ends(2);
                      numbers(n, ends, -1e15, 1e15);
                      if (!m_error && !(ends[0] < ends[1])) return fail(n, "must go from the smaller x to the larger.");
                      view.range = {ends[0], ends[1]};
                  }},
                 {"baseline", [&](const Node& n) { view.baseline = text(n); }},
                 {"against",
                  [&](const Node& n) {
                      texts(n, view.against);
                      if (view.against.size() > spec::kMostContrasts)
                          fail(n, "has more than " + std::to_string(spec::kMostContrasts) + " contrasts.");
                  }},
                 {"difference", [&](const Node& n) {
                      if (n.kind != NodeKind::Boolean) return fail(n, "must be true or false.");
                      view.curves.difference = n.boolean;
                  }}});
        for (const spec::Member& member : m_root.members)
            if (member.key != "view" && member.key != "curves")
                fail(member.value, "is a section [" + visible(member.key, 40) + "] that no view has.", member.place);
        if (m_error) return *m_error;
        if (!compare::fits(view.curves.band, view.curves.centre))
            return badInput(m_file + ": a t interval is one of the mean; choose interval \"bootstrap\".");
        view.width = static_cast<int>(size[0]);
        view.height = static_cast<int>(size[1]);
        return view;
    }

private:
    using Keys = std::map<std::string, std::function<void(const Node&)>>;

    void section(const char* name, const Keys& keys)
    {
        const spec::Member* section = m_root.find(name);
        if (section == nullptr) return;
        if (section->value.kind != NodeKind::Table) return fail(section->value, "must be a section.");
        for (const spec::Member& member : section->value.members) {
            const auto known = keys.find(member.key);
            if (known == keys.end())
                return fail(member.value,
                            "is a key \"" + visible(member.key, 40) + "\", which [" + name + "] does not know.",
                            member.place);
            m_key = member.key;
            known->second(member.value);
        }
    }

    void fail(const Node& node, const std::string& what) { fail(node, m_key + " " + what, node.begin); }
    void fail(const Node&, const std::string& what, spec::Place place)
    {
        if (m_error) return;
        m_error =
            badInput(m_file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + what);
    }

    void number(const Node& node, double& value, double least, double most)
    {
        if ((node.kind != NodeKind::Integer && node.kind != NodeKind::Number) ||
            !(node.number >= least && node.number <= most))
            return fail(node, "must be a number from " + numberText(least) + " to " + numberText(most) + ".");
        value = node.number;
    }

    /// A number is the weight of the past of the exponential average; a word is another kind, whose strength is a key.
    void smoothing(const Node& node, Smoothing& smoothing)
    {
        if (node.kind == NodeKind::Text) {
            smoothing.kind = valueIn(node, kSmoothings, smoothing.kind);
            return;
        }
        double weight = 0;
        number(node, weight, 0, kHeaviest);
        if (weight > 0) smoothing = {SmoothingKind::Ema, weight * 100};
    }

    void numbers(const Node& node, std::vector<double>& values, double least, double most)
    {
        if (node.kind != NodeKind::List || node.items.size() != values.size())
            return fail(node, "must be a list of " + std::to_string(values.size()) + " numbers.");
        for (std::size_t i = 0; i < values.size(); ++i)
            number(node.items[i], values[i], least, most);
    }

    std::string text(const Node& node)
    {
        if (node.kind != NodeKind::Text) fail(node, "must be a text.");
        return node.text;
    }

    void texts(const Node& node, std::vector<std::string>& values)
    {
        if (node.kind != NodeKind::List) return fail(node, "must be a list of texts.");
        for (const Node& item : node.items)
            values.push_back(text(item));
    }

    template <typename Words>
    const typename Words::value_type* find(const Node& node, const Words& words)
    {
        std::string list;
        for (const auto& word : words) {
            if (node.kind == NodeKind::Text && node.text == word.word) return &word;
            list += (list.empty() ? "\"" : ", \"") + std::string(word.word) + "\"";
        }
        fail(node, "must be one of " + list + ".");
        return nullptr;
    }
    template <typename Words>
    std::string wordIn(const Node& node, const Words& words)
    {
        const auto* found = find(node, words);
        return found == nullptr ? std::string{} : found->word;
    }
    template <typename Words, typename Value>
    Value valueIn(const Node& node, const Words& words, Value otherwise)
    {
        const auto* found = find(node, words);
        return found == nullptr ? otherwise : found->value;
    }

    const Node& m_root;
    std::string m_file;
    std::string m_key;
    std::optional<Error> m_error;
};

std::string listText(const std::vector<std::string>& texts)
{
    std::string list = "[";
    for (const std::string& text : texts)
        list += (list.size() > 1 ? ", " : "") + spec::tomlString(text);
    return list + "]";
}

} // namespace

bool operator==(const ViewFile& a, const ViewFile& b)
{
    return viewText(a) == viewText(b);
}

Result<ViewFile> parseView(const std::string& text, const std::string& file)
{
    const auto root = spec::parseToml(text);
    if (!root)
        return badInput(file + ":" + std::to_string(root.error().line) + ":" + std::to_string(root.error().column) +
                        ": " + root.error().message);
    return ViewReader(*root, file).read();
}

Result<ViewFile> loadView(const std::string& path)
{
    const auto text = readFile(path, kLargest);
    if (!text) return text.error();
    return parseView(*text, path);
}

namespace {

bool hasOlderSmoothing(const Smoothing& smoothing)
{
    return smoothing.kind == SmoothingKind::None || smoothing.kind == SmoothingKind::Ema;
}

std::string smoothingText(const Smoothing& smoothing)
{
    if (hasOlderSmoothing(smoothing))
        return spec::floatText(smoothing.kind == SmoothingKind::None ? 0 : weightOf(smoothing));
    return std::string("\"") + wordOf(kSmoothings, smoothing.kind) +
           "\"\nstrength = " + spec::floatText(smoothing.strength);
}

} // namespace

std::string viewText(const ViewFile& view)
{
    std::string text = "[view]\nversion = " +
                       std::to_string(!view.against.empty() || view.tab == "containment" ? 4
                                      : !hasOlderSmoothing(view.curves.smoothing)        ? 3
                                      : view.range                                       ? 2
                                                                                         : 1) +
                       "\nruns = " + listText(view.runs) + "\ntab = " + spec::tomlString(view.tab) +
                       "\ncards = " + listText(view.cards) + "\n";
    if (!view.theme.empty()) text += "theme = " + spec::tomlString(view.theme) + "\n";
    text += "size = [" + std::to_string(view.width) + ", " + std::to_string(view.height) + "]\n\n[curves]\ncentre = \"";
    text += wordOf(kCentres, view.curves.centre);
    text += "\"\ninterval = \"";
    text += wordOf(kBands, view.curves.band);
    text += "\"\nx = \"";
    text += wordOf(kAlignments, view.curves.alignment);
    text += "\"\nsmoothing = " + smoothingText(view.curves.smoothing) +
            (view.range
                 ? "\nrange = [" + spec::floatText(view.range->first) + ", " + spec::floatText(view.range->second) + "]"
                 : "") +
            "\nbaseline = " + spec::tomlString(view.baseline) +
            (view.against.empty() ? "" : "\nagainst = " + listText(view.against)) +
            "\ndifference = " + (view.curves.difference ? "true" : "false") + "\n";
    return text;
}

} // namespace gradus::viewmodels
