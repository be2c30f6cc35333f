// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/transcripts/transcript_view.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/episodes_model.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace gradus::pages {

namespace {

constexpr int kMostWidth = 860;          // of running text: longer lines are hard to read
constexpr std::size_t kEstimated = 4000; // bytes looked at to guess a height
constexpr std::size_t kCopied = 4'000'000;

common::Type typeOf(bool isMono)
{
    return isMono ? common::Type::Mono : common::Type::Body;
}

} // namespace

TranscriptView::TranscriptView(const common::ThemeController& theme, QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("transcriptView"));
    setAccessibleName(tr("Transcript"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(&theme, &common::ThemeController::changed, this, [this] {
        forgetLayouts(); // boxes and marks are coloured in the layouts
        layOutSeen();
    });
}

TranscriptView::~TranscriptView() = default;

QString TranscriptView::shortText(const std::string& untrusted, std::size_t most)
{
    return QString::fromStdString(visible(untrusted, most));
}

TranscriptView::Kind TranscriptView::kindOf(const events::EpisodeMessage& message)
{
    if (message.role == "system") return Kind::System;
    if (message.role == "user") return Kind::User;
    if (message.role == "assistant") return message.detailsJson.empty() ? Kind::Assistant : Kind::ToolCall;
    return message.role == "tool" ? Kind::ToolOutput : Kind::Other;
}

void TranscriptView::setEpisode(std::shared_ptr<const events::EpisodeRecord> episode)
{
    m_blocks.clear();
    m_episode = std::move(episode);
    m_current = -1;
    if (m_episode) {
        for (const events::EpisodeMessage& message : m_episode->messages)
            m_blocks.push_back(Block{.kind = kindOf(message), .content = message.content});
        m_blocks.push_back(Block{.kind = Kind::Verdict, .content = m_episode->note});
        m_current = 0;
    }
    forgetLayouts();
    verticalScrollBar()->setValue(0);
    layOutSeen();
}

void TranscriptView::setSearch(const QString& text)
{
    if (text == m_search) return;
    m_search = text;
    for (Block& block : m_blocks)
        block.layout.reset(); // heights stay: a mark does not move text
    layOutSeen();
}

int TranscriptView::bodyWidth() const
{
    return std::clamp(viewport()->width() - kBar - 2 * kMargin, 80, kMostWidth);
}

// A guess from the first bytes alone: a transcript of a thousand messages opens without laying them all out.
void TranscriptView::forgetLayouts()
{
    for (Block& block : m_blocks) {
        block.layout.reset();
        const QFontMetrics metrics(common::typeFont(typeOf(isMono(block.kind))));
        const std::string_view start = block.content.substr(0, kEstimated);
        const int perLine = std::max(10, bodyWidth() / std::max(1, metrics.averageCharWidth()));
        const int lines = 1 + static_cast<int>(std::count(start.begin(), start.end(), '\n')) +
                          static_cast<int>(start.size()) / perLine;
        block.height = kHead + std::min(lines, static_cast<int>(block.lines)) * metrics.lineSpacing() + kBelow;
    }
    updateRange();
}

void TranscriptView::layOut(Block& block) const
{
    if (block.layout) return;
    const common::Tokens& tokens = m_theme.tokens();
    const bool mono = isMono(block.kind);
    block.shown = viewmodels::displayText(block.content, block.lines, kBytes * (block.lines / kLines));
    QString text = block.shown.text;
    if (text.isEmpty() && block.shown.isWhole()) text = tr("(nothing)");
    text.replace(QLatin1Char('\n'), QChar::LineSeparator);
    const QFont font = common::typeFont(typeOf(mono));
    block.layout = std::make_unique<QTextLayout>(text, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(Qt::LeftToRight);
    option.setTabStopDistance(8.0 * QFontMetricsF(font).horizontalAdvance(QLatin1Char(' ')));
    block.layout->setTextOption(option);
    QList<QTextLayout::FormatRange> formats;
    for (const viewmodels::NamedRange& box : block.shown.boxes) {
        // Boxes side by side share a format: thousands of formats would take the layout minutes.
        if (!formats.isEmpty() && formats.last().start + formats.last().length == static_cast<int>(box.start)) {
            formats.last().length += static_cast<int>(box.length);
            continue;
        }
        QTextLayout::FormatRange range{static_cast<int>(box.start), static_cast<int>(box.length), {}};
        range.format.setBackground(tokens.warnWeak);
        range.format.setForeground(tokens.warn);
        formats.append(range);
    }
    for (qsizetype at = m_search.isEmpty() ? -1 : text.indexOf(m_search, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(m_search, at + m_search.size(), Qt::CaseInsensitive)) {
        QTextLayout::FormatRange range{static_cast<int>(at), static_cast<int>(m_search.size()), {}};
        range.format.setBackground(tokens.accentWeak);
        range.format.setForeground(tokens.accent);
        range.format.setFontUnderline(true); // a mark is not colour alone
        formats.append(range);
    }
    block.layout->setFormats(formats);
    const double width = bodyWidth() - (mono ? 2 * kPadding : 0);
    double y = 0;
    block.layout->beginLayout();
    for (QTextLine line = block.layout->createLine(); line.isValid(); line = block.layout->createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += std::ceil(line.height()) + (mono ? 0 : 2);
    }
    block.layout->endLayout();
    block.height =
        kHead + static_cast<int>(y) + (mono ? 2 * kPadding : 0) + (block.shown.isWhole() ? 0 : kMore) + kBelow;
}

int TranscriptView::topOf(int block) const
{
    int top = 0;
    for (int i = 0; i < block; ++i)
        top += m_blocks[static_cast<std::size_t>(i)].height;
    return top;
}

void TranscriptView::layOutSeen()
{
    const int from = verticalScrollBar()->value();
    int shift = 0; // what begins above the edge grows upwards, so that the text being read stays where it is
    int top = 0;
    for (Block& block : m_blocks) {
        if (top >= from + viewport()->height()) break;
        const int guessed = block.height;
        if (top + guessed > from) layOut(block);
        if (top < from) shift += block.height - guessed;
        top += guessed;
    }
    updateRange();
    if (shift != 0) verticalScrollBar()->setValue(from + shift);
    viewport()->update();
}

void TranscriptView::updateRange()
{
    const int all = topOf(blockCount());
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(24);
    verticalScrollBar()->setRange(0, std::max(0, all - viewport()->height()));
}

QRect TranscriptView::blockRect(int block) const
{
    return {0, topOf(block) - verticalScrollBar()->value(), viewport()->width(),
            m_blocks[static_cast<std::size_t>(block)].height};
}

QRect TranscriptView::moreRect(int block) const
{
    if (moreTextOf(block).isEmpty()) return {};
    const QRect rect = blockRect(block);
    return {kBar + kMargin, rect.bottom() + 1 - kBelow - kMore, bodyWidth(), kMore};
}

QString TranscriptView::textOf(int block) const
{
    Block& wanted = m_blocks[static_cast<std::size_t>(block)];
    layOut(wanted);
    return wanted.shown.text;
}

QString TranscriptView::moreTextOf(int block) const
{
    Block& wanted = m_blocks[static_cast<std::size_t>(block)];
    layOut(wanted);
    if (wanted.shown.isWhole()) return {};
    const QString more =
        wanted.shown.moreLines > 0
            ? tr("%1 more lines").arg(common::groupedText(static_cast<std::int64_t>(wanted.shown.moreLines)))
            : tr("%1 more bytes").arg(common::groupedText(static_cast<std::int64_t>(wanted.shown.moreBytes)));
    return wanted.lines < kMostLines ? more : tr("%1; gradus transcript --json prints them").arg(more);
}

QString TranscriptView::headOf(int block) const
{
    switch (m_blocks[static_cast<std::size_t>(block)].kind) {
    case Kind::System:
        return tr("system");
    case Kind::User:
        return tr("user");
    case Kind::Assistant:
        return tr("assistant");
    case Kind::ToolCall:
        return tr("tool call");
    case Kind::ToolOutput:
        return tr("tool output");
    case Kind::Other:
        return shortText(m_episode->messages[static_cast<std::size_t>(block)].role);
    case Kind::Verdict:
        break;
    }
    const auto verdict = viewmodels::verdictOf(m_episode->verdict);
    const bool isUnknown = verdict == viewmodels::Verdict::NotJudged && !m_episode->verdict.empty();
    return tr("verdict: %1").arg(isUnknown ? shortText(m_episode->verdict) : viewmodels::verdictText(verdict));
}

void TranscriptView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    forgetLayouts();
    layOutSeen();
}

void TranscriptView::scrollContentsBy(int, int)
{
    layOutSeen();
}

void TranscriptView::setCurrentBlock(int block)
{
    if (block < 0 || block >= blockCount()) return;
    m_current = block;
    layOut(m_blocks[static_cast<std::size_t>(block)]);
    updateRange();
    const QRect rect = blockRect(block);
    QScrollBar* bar = verticalScrollBar();
    if (rect.top() < 0 || rect.height() > viewport()->height())
        bar->setValue(bar->value() + rect.top());
    else if (rect.bottom() > viewport()->height())
        bar->setValue(bar->value() + rect.bottom() - viewport()->height());
    setAccessibleDescription(headOf(block) + QStringLiteral(": ") + textOf(block));
    layOutSeen();
}

void TranscriptView::step(int direction)
{
    setCurrentBlock(m_current + direction);
}

void TranscriptView::stepAlike(int direction)
{
    if (m_current < 0) return;
    const Kind kind = m_blocks[static_cast<std::size_t>(m_current)].kind;
    for (int i = m_current + direction; i >= 0 && i < blockCount(); i += direction)
        if (m_blocks[static_cast<std::size_t>(i)].kind == kind) return setCurrentBlock(i);
}

void TranscriptView::showMore(int block)
{
    Block& wanted = m_blocks[static_cast<std::size_t>(block)];
    if (wanted.lines >= kMostLines) return;
    wanted.lines *= 5;
    wanted.layout.reset();
    layOut(wanted);
    layOutSeen();
}

void TranscriptView::copyCurrent() const
{
    if (m_current < 0) return;
    const Block& block = m_blocks[static_cast<std::size_t>(m_current)];
    QGuiApplication::clipboard()->setText(viewmodels::displayText(block.content, kCopied, kCopied).text);
}

void TranscriptView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    const QPoint at = event->position().toPoint();
    int bottom = -verticalScrollBar()->value();
    for (int i = 0; i < blockCount(); ++i) {
        bottom += m_blocks[static_cast<std::size_t>(i)].height;
        if (bottom <= at.y()) continue;
        const bool wantsMore = moreRect(i).contains(at);
        m_current = i;
        if (wantsMore) showMore(i);
        viewport()->update();
        return;
    }
}

void TranscriptView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) return copyCurrent();
    if (event->key() == Qt::Key_Down) return step(1);
    if (event->key() == Qt::Key_Up) return step(-1);
    const bool wantsMore = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (wantsMore && m_current >= 0 && !moreTextOf(m_current).isEmpty()) return showMore(m_current);
    QAbstractScrollArea::keyPressEvent(event);
}

} // namespace gradus::pages
