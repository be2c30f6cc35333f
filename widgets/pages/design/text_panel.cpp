// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/text_panel.h"

#include "common/controls.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextBlock>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

namespace {

constexpr QChar kParagraph(0x2029); ///< what a text document has for a line's end

bool endsInCarriageReturns(const std::string& text)
{
    return text.find("\r\n") != std::string::npos;
}

} // namespace

TextPanel::TextPanel(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent)
    : QFrame(parent), m_document(document), m_theme(theme), m_edit(new QPlainTextEdit), m_bar(new QFrame),
      m_reason(new common::ElidedLabel), m_go(common::makeButton({}, QStringLiteral("link"))),
      m_place(common::makeLabel({}, common::Type::Small, QStringLiteral("quiet")))
{
    setProperty("panel", true);
    setObjectName(QStringLiteral("textPanel"));
    m_edit->setObjectName(QStringLiteral("draftText"));
    m_edit->setAccessibleName(tr("Text of the draft, TOML"));
    m_edit->setFrameShape(QFrame::NoFrame);
    m_edit->setFont(common::typeFont(common::Type::Mono));
    m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_edit->setTabChangesFocus(true);  // the keyboard's way out; TOML needs no tabs
    m_edit->setUndoRedoEnabled(false); // the draft's own stack undoes text too
    common::keepLeftToRight(*m_edit);
    m_edit->installEventFilter(this);
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRest);
    auto* bar = new QHBoxLayout(m_bar);
    bar->setContentsMargins(12, 4, 12, 4);
    bar->setSpacing(8);
    m_reason->setObjectName(QStringLiteral("draftTextReason"));
    m_go->setObjectName(QStringLiteral("draftTextGo"));
    bar->addWidget(m_reason, 1);
    bar->addWidget(m_go);
    bar->addWidget(m_place);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_edit, 1);
    column->addWidget(m_bar);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        if (m_isShowing) return;
        m_isTyped = true;
        m_rest.start();
    });
    connect(m_edit, &QPlainTextEdit::cursorPositionChanged, this, &TextPanel::refreshPlace);
    connect(&m_rest, &QTimer::timeout, this, &TextPanel::takeTyped);
    connect(m_go, &QPushButton::clicked, this, &TextPanel::showError);
    connect(&m_document, &viewmodels::ScheduleDocument::textChanged, this, [this] {
        if (isVisible()) showDocument();
    });
    connect(&theme, &common::ThemeController::changed, this, &TextPanel::refreshMarks);
    refreshMarks();
}

QString TextPanel::reasonText() const
{
    return m_bar->property("bar").toString().isEmpty() ? QString() : m_reason->fullText();
}

void TextPanel::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    showDocument();
}

/// Not toPlainText(): that one makes spaces of the spaces that do not break.
QString TextPanel::shownText() const
{
    QString text = m_edit->document()->toRawText();
    return text.replace(kParagraph, QLatin1Char('\n'));
}

void TextPanel::takeTyped()
{
    m_rest.stop();
    if (!m_isTyped) return;
    m_isTyped = false;
    std::string text = shownText().toStdString();
    if (endsInCarriageReturns(m_document.text()))
        for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2)
            text.insert(at, 1, '\r');
    const auto taken = m_document.setWholeText(text, tr("Edit text"));
    m_refusal = taken ? QString() : QString::fromStdString(taken.error().message);
    refreshMarks();
}

/// Only what differs is put in, so that cursor and place stay where they are.
void TextPanel::showDocument()
{
    if (m_isTyped) return; // what is being typed is taken first
    QString text = QString::fromStdString(m_document.text());
    text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    const QString shown = shownText();
    if (text != shown) {
        const auto shorter = std::min(text.size(), shown.size());
        qsizetype head = 0;
        while (head < shorter && text[head] == shown[head])
            ++head;
        qsizetype tail = 0;
        while (tail < shorter - head && text[text.size() - 1 - tail] == shown[shown.size() - 1 - tail])
            ++tail;
        m_isShowing = true;
        QTextCursor cursor(m_edit->document());
        cursor.setPosition(static_cast<int>(head));
        cursor.setPosition(static_cast<int>(shown.size() - tail), QTextCursor::KeepAnchor);
        cursor.insertText(text.mid(head, text.size() - tail - head));
        m_isShowing = false;
    }
    m_refusal.clear();
    refreshMarks();
}

void TextPanel::refreshMarks()
{
    const auto& error = m_document.error();
    QList<QTextEdit::ExtraSelection> marks;
    if (error && error->line > 0) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(m_edit->document()->findBlockByNumber(error->line - 1));
        mark.format.setBackground(m_theme.tokens().dangerWeak);
        mark.format.setProperty(QTextFormat::FullWidthSelection, true);
        marks << mark;
    }
    m_edit->setExtraSelections(marks);
    const bool wrong = error.has_value() || !m_refusal.isEmpty();
    m_reason->setFullText(error                 ? QString::fromStdString(error->message)
                          : m_refusal.isEmpty() ? tr("Taken when the keys rest; comments and order stay.")
                                                : m_refusal);
    common::setStyleProperty(*m_reason, "tone", wrong ? QVariant() : QVariant(QStringLiteral("quiet")));
    common::setStyleProperty(*m_bar, "bar", wrong ? QVariant(QStringLiteral("danger")) : QVariant());
    m_go->setText(error && error->line > 0 ? tr("Go to line %1").arg(error->line) : QString());
    m_go->setVisible(!m_go->text().isEmpty());
    refreshPlace();
}

void TextPanel::refreshPlace()
{
    const QTextCursor cursor = m_edit->textCursor();
    m_place->setText(tr("line %1, column %2").arg(cursor.blockNumber() + 1).arg(cursor.positionInBlock() + 1));
}

void TextPanel::showError()
{
    m_edit->setFocus(Qt::OtherFocusReason);
    const auto& error = m_document.error();
    if (!error || error->line < 1) return;
    const QTextBlock block = m_edit->document()->findBlockByNumber(error->line - 1);
    if (!block.isValid()) return;
    QTextCursor cursor(block);
    cursor.setPosition(block.position() + std::clamp(error->column - 1, 0, block.length() - 1));
    m_edit->setTextCursor(cursor);
    m_edit->centerCursor();
}

bool TextPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_edit) return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut) takeTyped();
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo) || key->matches(QKeySequence::Save)) {
            takeTyped(); // what is undone or saved is what is seen
            event->ignore();
            return true; // the field would take the keys for itself
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace gradus::pages
