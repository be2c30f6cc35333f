// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/store/sql_editor.h"

#include "store/query.h"

#include <QPainter>
#include <QRegularExpression>
#include <QTextBlock>

namespace gradus::pages {

namespace {

constexpr int kNumberMargin = 10;

const QRegularExpression& tokens()
{
    static const QRegularExpression pattern(
        QStringLiteral("(?<comment>--.*$)|(?<string>'(?:[^']|'')*'?)|(?<number>\\b[0-9]+(?:\\.[0-9]+)?\\b)|"
                       "(?<keyword>\\b(?:select|from|where|group|by|order|having|limit|offset|join|left|inner|cross|on|"
                       "as|and|or|not|in|is|null|like|between|case|when|then|else|end|distinct|union|all|with|"
                       "recursive|values|asc|desc|exists|explain|query|plan|pragma|using|over|partition|glob)\\b)|"
                       "(?<function>\\b[a-z_][a-z0-9_]*(?=\\s*\\())"),
        QRegularExpression::CaseInsensitiveOption);
    return pattern;
}

class NumberStrip final : public QWidget
{
public:
    explicit NumberStrip(SqlEditor* editor) : QWidget(editor), m_editor(editor) {}

protected:
    void paintEvent(QPaintEvent* event) override { m_editor->paintNumbers(event); }

private:
    SqlEditor* m_editor;
};

} // namespace

SqlHighlighter::SqlHighlighter(QTextDocument* document, common::ThemeController& theme)
    : QSyntaxHighlighter(document), m_theme(theme)
{
    connect(&theme, &common::ThemeController::changed, this, &QSyntaxHighlighter::rehighlight);
}

void SqlHighlighter::highlightBlock(const QString& text)
{
    const common::Tokens& t = m_theme.tokens();
    const std::pair<const char*, QColor> kinds[] = {{"comment", t.text2},
                                                    {"string", t.series[2].label},
                                                    {"number", t.series[4].label},
                                                    {"keyword", t.series[3].label},
                                                    {"function", t.series[0].label}};
    auto matches = tokens().globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        for (const auto& [name, colour] : kinds) {
            const int start = static_cast<int>(match.capturedStart(QLatin1String(name)));
            if (start >= 0) setFormat(start, static_cast<int>(match.capturedLength(QLatin1String(name))), colour);
        }
    }
}

SqlEditor::SqlEditor(common::ThemeController& theme, QWidget* parent)
    : QPlainTextEdit(parent), m_theme(theme), m_numbers(new NumberStrip(this))
{
    setObjectName(QStringLiteral("sqlEditor"));
    setAccessibleName(tr("SQL statement"));
    setFont(common::typeFont(common::Type::Mono));
    setFrameShape(QFrame::NoFrame);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true);
    new SqlHighlighter(document(), theme);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &SqlEditor::placeNumbers);
    connect(this, &QPlainTextEdit::updateRequest, m_numbers, qOverload<>(&QWidget::update));
    connect(this, &QPlainTextEdit::textChanged, this, [this] { markError(0, 0); });
    connect(&theme, &common::ThemeController::changed, m_numbers, qOverload<>(&QWidget::update));
    placeNumbers();
}

int SqlEditor::numbersWidth() const
{
    return fontMetrics().horizontalAdvance(QString::number(std::max(10, blockCount()))) + 2 * kNumberMargin;
}

void SqlEditor::placeNumbers()
{
    setViewportMargins(numbersWidth() + 4, 4, 0, 0);
    const QRect area = contentsRect();
    m_numbers->setGeometry(area.left(), area.top() + 4, numbersWidth(), area.height() - 4);
}

void SqlEditor::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    placeNumbers();
}

void SqlEditor::paintNumbers(QPaintEvent*)
{
    QPainter painter(m_numbers);
    painter.setFont(font());
    painter.setPen(m_theme.tokens().text2);
    QTextBlock block = firstVisibleBlock();
    QRectF place = blockBoundingGeometry(block).translated(contentOffset());
    while (block.isValid() && place.top() < m_numbers->height()) {
        painter.drawText(QRectF(0, place.top(), m_numbers->width() - kNumberMargin, fontMetrics().height()),
                         Qt::AlignRight | Qt::AlignVCenter, QString::number(block.blockNumber() + 1));
        block = block.next();
        place = blockBoundingGeometry(block).translated(contentOffset());
    }
}

QString SqlEditor::statementAtCursor() const
{
    const std::string all = toPlainText().toStdString();
    const std::size_t cursor = toPlainText().left(textCursor().position()).toUtf8().size();
    const store::StatementSpan span = store::statementAt(all, cursor);
    return QString::fromStdString(all.substr(span.first, span.length));
}

void SqlEditor::markError(int line, int column)
{
    QList<QTextEdit::ExtraSelection> marks;
    if (line > 0) {
        const QString statement = statementAtCursor();
        const qsizetype first = toPlainText().indexOf(statement);
        QTextCursor cursor(document());
        cursor.setPosition(static_cast<int>(std::max<qsizetype>(0, first)));
        const int begin = line == 1 ? cursor.positionInBlock() : 0;
        const QTextBlock block = document()->findBlockByNumber(cursor.blockNumber() + line - 1);
        if (block.isValid()) {
            const int at = std::min(block.position() + begin + column - 1, block.position() + block.length() - 1);
            cursor.setPosition(at);
            cursor.movePosition(QTextCursor::EndOfWord, QTextCursor::KeepAnchor);
            QTextEdit::ExtraSelection mark;
            mark.cursor = cursor;
            mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
            mark.format.setUnderlineColor(m_theme.tokens().danger);
            marks.append(mark);
        }
    }
    setExtraSelections(marks);
}

} // namespace gradus::pages
