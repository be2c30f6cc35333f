// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html.h"

#include "report/chart_svg.h"

#include "base/text.h"

#include <sstream>

#include <pugixml.hpp>

namespace gradus::report {

namespace {

constexpr const char* kStyleSheet = R"css(
:root{color-scheme:light dark;--page:#fff;--text:#1a212c;--text2:#526070;--grid:#e6e9ee;--edge:#d6dbe2;--well:#f4f5f7;--accent:#2559c4}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.55 Inter,"Noto Sans","Segoe UI",sans-serif}
main{max-width:960px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}
h2{font-size:19px;margin:36px 0 8px;padding-top:12px;border-top:1px solid var(--edge)}
h3{font-size:14px;margin:20px 0 4px}
.facts{color:var(--text2);font-size:13px;margin:0 0 8px}
.note,figcaption{color:var(--text2);font-size:13px}
figure{margin:20px 0}figure h3{margin-bottom:8px}
svg{max-width:100%;height:auto;display:block}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;margin:4px 0;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:4px 14px 4px 0;border-bottom:1px solid var(--grid)}
th{color:var(--text2);font-weight:600}
.n{text-align:right}
code,pre{font-family:"JetBrains Mono","DejaVu Sans Mono",monospace;font-size:12px}
td code{overflow-wrap:anywhere}
pre{background:var(--well);padding:12px;white-space:pre-wrap;overflow-wrap:anywhere;border-radius:4px}
summary{cursor:pointer;font-weight:600;font-size:14px;margin:16px 0 4px}
@media print{main{max-width:none;padding:0}figure,tr,pre{break-inside:avoid}h2,h3{break-after:avoid}details>*{display:block}}
)css";

/// The dark page's colours of text, and of every class that chart_svg gives.
std::string darkStyle()
{
    std::string text = "@media(prefers-color-scheme:dark){:root{--page:#1a202a;--text:#e7ebf1;--text2:#a3afbd;"
                       "--grid:#2a3340;--edge:#323d4c;--well:#12161d;--accent:#79a6ff}"
                       ".g-text{fill:#e7ebf1}.g-text2{fill:#a3afbd}.g-grid{stroke:#2a3340}.g-edge{stroke:#323d4c}"
                       ".g-level{stroke:#a3afbd}";
    for (int style = 0; style < 8; ++style) {
        const std::string number = std::to_string(style + 1);
        const std::string colour = seriesColour(style, true);
        text += ".g-s" + number + "{stroke:" + colour + "}.g-f" + number + "{fill:" + colour + "}";
    }
    return text + "}\n";
}

void add(pugi::xml_node parent, const char* element, const std::string& text, const char* look = nullptr)
{
    pugi::xml_node node = parent.append_child(element);
    if (look != nullptr) node.append_attribute("class") = look;
    node.append_child(pugi::node_pcdata).set_value(visibleLines(text).c_str());
}

/// Puts a drawn figure in as elements, so that the serialiser alone decides what is escaped.
void addDrawn(pugi::xml_node parent, const std::string& svg)
{
    parent.append_buffer(svg.data(), svg.size(), pugi::parse_default | pugi::parse_ws_pcdata);
}

void addTable(pugi::xml_node parent, const Table& table, bool simple)
{
    pugi::xml_node around = parent;
    if (!simple && table.folded) {
        around = parent.append_child("details");
        add(around, "summary", table.title);
    } else if (!table.title.empty()) {
        add(parent, "h3", table.title);
    }
    if (!simple) {
        around = around.append_child("div");
        around.append_attribute("class") = "wide";
    }
    pugi::xml_node node = around.append_child("table");
    if (simple) {
        node.append_attribute("cellpadding") = "3";
        node.append_attribute("width") = "100%";
    }
    const auto cell = [&](pugi::xml_node row, const char* element, const TableColumn& column, const std::string& text) {
        pugi::xml_node made = row.append_child(element);
        if (column.number) made.append_attribute(simple ? "align" : "class") = simple ? "right" : "n";
        if (!column.number && simple) made.append_attribute("align") = "left";
        pugi::xml_node inner = column.code && std::string(element) == "td" ? made.append_child("code") : made;
        inner.append_child(pugi::node_pcdata).set_value(visible(text, 2000).c_str());
    };
    pugi::xml_node head = node.append_child("thead").append_child("tr");
    for (const TableColumn& column : table.columns)
        cell(head, "th", column, column.title);
    pugi::xml_node body = node.append_child("tbody");
    for (const auto& row : table.rows) {
        pugi::xml_node line = body.append_child("tr");
        for (std::size_t i = 0; i < row.size(); ++i)
            cell(line, "td", table.columns[i], row[i]);
    }
    if (!table.note.empty()) add(around, "p", table.note, simple ? nullptr : "note");
}

class BlockWriter final
{
public:
    BlockWriter(pugi::xml_node parent, std::vector<std::string>* figures) : m_parent(parent), m_figures(figures) {}

    void operator()(const Paragraph& paragraph) { add(m_parent, "p", paragraph.text); }

    void operator()(const BulletList& list)
    {
        pugi::xml_node node = m_parent.append_child("ul");
        for (const std::string& item : list.items)
            add(node, "li", item);
    }

    void operator()(const Table& table) { addTable(m_parent, table, m_figures != nullptr); }

    void operator()(const Figure& figure)
    {
        if (m_figures != nullptr) {
            m_figures->push_back(figureSvg(figure, true)); // so that no page break parts the two
            m_parent.append_child("p").append_child(pugi::node_pcdata).set_value(kFigurePlace);
            add(m_parent, "p", figure.caption);
            return;
        }
        pugi::xml_node node = m_parent.append_child("figure");
        add(node, "h3", figure.title);
        addDrawn(node, figureSvg(figure));
        add(node, "figcaption", figure.caption);
    }

    void operator()(const Listing& listing)
    {
        if (!listing.title.empty()) add(m_parent, "h3", listing.title);
        add(m_parent, "pre", listing.text);
    }

private:
    pugi::xml_node m_parent;
    std::vector<std::string>* m_figures; ///< simple rich text: figures go here
};

void writeBody(pugi::xml_node parent, const Report& report, std::vector<std::string>* figures)
{
    add(parent, "h1", report.title);
    for (const std::string& fact : report.facts)
        add(parent, "p", fact, figures == nullptr ? "facts" : nullptr);
    for (const Section& section : report.sections) {
        add(parent, "h2", section.heading);
        for (const Block& block : section.blocks)
            std::visit(BlockWriter(parent, figures), block);
    }
}

std::string printed(pugi::xml_node node)
{
    std::ostringstream text;
    // An empty <div/> would stay open in HTML.
    node.print(text, "", pugi::format_raw | pugi::format_no_empty_element_tags);
    return text.str();
}

} // namespace

std::string htmlOf(const Report& report)
{
    pugi::xml_document document;
    pugi::xml_node main = document.append_child("main");
    writeBody(main, report, nullptr);
    pugi::xml_document title;
    add(title, "title", report.title);
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
           "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">" +
           printed(title.first_child()) + "<style>" + kStyleSheet + darkStyle() + "</style></head>\n<body>" +
           printed(main) + "</body></html>\n";
}

SimpleHtml simpleHtmlOf(const Report& report)
{
    SimpleHtml simple;
    pugi::xml_document document;
    pugi::xml_node body = document.append_child("body");
    writeBody(body, report, &simple.figures);
    simple.body = printed(body);
    return simple;
}

} // namespace gradus::report
