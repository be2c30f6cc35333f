// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/run_marks_bar.h"

#include "base/text.h"
#include "common/controls.h"
#include "pages/shared/tag_look.h"
#include "viewmodels/figures.h"

#include <QCompleter>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStringListModel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace gradus::pages {

namespace {

constexpr int kNoteHeight = 58; // three lines
constexpr int kGap = 4;
constexpr int kRow = 24;

QString shown(const QString& untrusted)
{
    return QString::fromStdString(visible(untrusted.toStdString()));
}

} // namespace

RunMarksBar::RunMarksBar(const common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_whose(common::makeLabel({}, common::Type::SmallStrong)), m_strip(new TagStrip(theme)),
      m_tag(new QLineEdit), m_known(new QStringListModel(this)), m_note(new QPlainTextEdit)
{
    setObjectName(QStringLiteral("runMarks"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 6, 12, 8);
    column->setSpacing(6);
    column->addWidget(m_whose);
    column->addWidget(m_strip);
    m_tag->setObjectName(QStringLiteral("runTag"));
    m_tag->setPlaceholderText(tr("Add tags: healthy, odd"));
    m_tag->setAccessibleName(tr("Add tags to the chosen runs"));
    auto* completer = new QCompleter(m_known, this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_tag->setCompleter(completer);
    column->addWidget(m_tag);
    m_note->setObjectName(QStringLiteral("runNote"));
    m_note->setAccessibleName(tr("Note of the run"));
    m_note->setToolTip(tr("Kept when you leave the field, or with Ctrl+Enter; Esc takes back what was typed"));
    m_note->setFixedHeight(kNoteHeight);
    m_note->setTabChangesFocus(true);
    column->addWidget(m_note);
    m_note->installEventFilter(this);
    m_tag->installEventFilter(this);
    connect(m_tag, &QLineEdit::returnPressed, this, &RunMarksBar::addTyped);
    connect(m_strip, &TagStrip::pressed, this, [this](const QString& name) { Q_EMIT tagsRequested({}, {name}); });
    setRuns({}, {});
}

void RunMarksBar::setRuns(const QVector<store::RunRow>& runs, const QStringList& knownTags)
{
    QVector<qint64> ids;
    std::map<std::string, int> counts;
    for (const store::RunRow& run : runs) {
        ids.append(run.id);
        for (const std::string& tag : run.tags)
            ++counts[tag];
    }
    if (ids != m_runs) sendNote(); // of the run that was shown before
    const bool isSame = ids == m_runs;
    m_runs = ids;
    setVisible(!ids.isEmpty());
    QVector<TagStrip::Tag> tags;
    for (const auto& [tag, count] : counts)
        tags.append({QString::fromStdString(tag), count});
    m_strip->setTags(tags, static_cast<int>(ids.size()), m_readOnly);
    m_known->setStringList(knownTags);
    m_whose->setText(ids.size() == 1 ? tr("Seed %1").arg(runs.front().seed)
                                     : tr("%n run(s)", nullptr, static_cast<int>(ids.size())));
    const QString note = ids.size() == 1 ? QString::fromStdString(runs.front().note) : QString();
    const bool isTyped = isSame && m_note->toPlainText() != m_saved;
    m_saved = note;
    if (!isTyped && m_note->toPlainText() != note) m_note->setPlainText(note);
    m_note->setPlaceholderText(ids.size() == 1 ? tr("Note") : tr("A note belongs to one run"));
    common::setStyleProperty(*m_note, "readOnly", m_readOnly || ids.size() != 1);
}

void RunMarksBar::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_tag->setVisible(!readOnly);
    common::setStyleProperty(*m_note, "readOnly", readOnly || m_runs.size() != 1);
}

void RunMarksBar::addTyped()
{
    QStringList add;
    for (const QString& part : m_tag->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
        if (!part.trimmed().isEmpty()) add << part.trimmed();
    m_tag->clear();
    if (!add.isEmpty()) Q_EMIT tagsRequested(add, {});
}

void RunMarksBar::sendNote()
{
    if (m_runs.size() != 1 || m_note->isReadOnly() || m_note->toPlainText() == m_saved) return;
    m_saved = m_note->toPlainText();
    Q_EMIT noteRequested(m_runs.front(), m_saved);
}

bool RunMarksBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_note && event->type() == QEvent::FocusOut) sendNote();
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (watched == m_note && isEnter && key->modifiers().testFlag(Qt::ControlModifier)) {
            sendNote();
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            if (watched == m_note) m_note->setPlainText(m_saved);
            if (watched == m_tag) m_tag->clear();
            if (QWidget* list = parentWidget()) list->setFocus(Qt::OtherFocusReason);
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

TagStrip::TagStrip(const common::ThemeController& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("runTags"));
    connect(&theme, &common::ThemeController::changed, this, [this] {
        for (QWidget* button : std::as_const(m_buttons))
            static_cast<QToolButton*>(button)->setIcon(
                common::makeIcon(common::Icon::Disc, tagColour(button->property("tag").toString(), m_theme.tokens())));
    });
}

void TagStrip::setTags(const QVector<Tag>& tags, int ofRuns, bool readOnly)
{
    qDeleteAll(m_buttons);
    m_buttons.clear();
    for (const Tag& tag : tags) {
        auto* button = new QToolButton(this);
        button->setProperty("tag", tag.name);
        button->setIcon(common::makeIcon(common::Icon::Disc, tagColour(tag.name, m_theme.tokens())));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        const QString name = shown(tag.name);
        QString text = tag.runs < ofRuns ? tr("%1 (%2 of %3)").arg(name).arg(tag.runs).arg(ofRuns) : name;
        button->setText(text.replace(QLatin1Char('&'), QStringLiteral("&&")));
        button->setToolTip(viewmodels::plainToolTip(readOnly ? name : tr("Take away the tag %1").arg(name)));
        button->setAccessibleName(readOnly ? name : tr("Take away the tag %1").arg(name));
        if (!readOnly) connect(button, &QToolButton::clicked, this, [this, name = tag.name] { Q_EMIT pressed(name); });
        button->show();
        m_buttons.append(button);
    }
    arrange();
}

void TagStrip::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void TagStrip::arrange()
{
    int x = 0;
    int y = 0;
    for (QWidget* button : std::as_const(m_buttons)) {
        const int wide = std::min(button->sizeHint().width(), std::max(width(), 40));
        if (x > 0 && x + wide > width()) {
            x = 0;
            y += kRow + kGap;
        }
        button->setGeometry(x, y, wide, kRow);
        x += wide + kGap;
    }
    setFixedHeight(m_buttons.isEmpty() ? 0 : y + kRow);
    setVisible(!m_buttons.isEmpty());
}

} // namespace gradus::pages
