// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/shared/report_document.h"

#include "base/files.h"
#include "report/html.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QCoreApplication>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgRenderer>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextObjectInterface>

#include <memory>

namespace gradus::pages {

namespace {

constexpr int kFigureType = QTextFormat::UserObject + 1;
constexpr int kFigureNumber = QTextFormat::UserProperty + 1;
constexpr int kDotsAnInch = 96; // one layout pixel is one CSS pixel, as in the HTML
constexpr double kMarginMillimetres = 18;
constexpr double kFooter = 30; // layout pixels

/// Draws figures where the text has their places.
class FigureObject final : public QObject, public QTextObjectInterface
{
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    FigureObject(const std::vector<std::string>& figures, double width, double height)
        : m_width(width), m_height(height)
    {
        for (const std::string& svg : figures)
            m_figures.push_back(std::make_unique<QSvgRenderer>(QByteArray::fromStdString(svg)));
    }

    QSizeF intrinsicSize(QTextDocument*, int, const QTextFormat& format) override
    {
        const QSizeF drawn = figure(format).defaultSize();
        if (drawn.isEmpty()) return {};
        const double shrink = std::min({1.0, m_width / drawn.width(), m_height / drawn.height()});
        return drawn * shrink;
    }

    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument*, int, const QTextFormat& format) override
    {
        figure(format).render(painter, rect);
    }

private:
    QSvgRenderer& figure(const QTextFormat& format) const
    {
        return *m_figures.at(static_cast<std::size_t>(format.intProperty(kFigureNumber)));
    }

    double m_width;
    double m_height;
    std::vector<std::unique_ptr<QSvgRenderer>> m_figures;
};

void placeFigures(QTextDocument& document)
{
    const QString place = QString::fromUtf8(report::kFigurePlace);
    int number = 0;
    for (QTextCursor at = document.find(place); !at.isNull(); at = document.find(place, at)) {
        QTextCharFormat format;
        format.setObjectType(kFigureType);
        format.setProperty(kFigureNumber, number++);
        at.insertText(QString(QChar::ObjectReplacementCharacter), format);
    }
}

} // namespace

QByteArray pdfOf(const report::Report& report)
{
    const report::SimpleHtml simple = report::simpleHtmlOf(report);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setTitle(QString::fromStdString(report.title));
    writer.setCreator(QStringLiteral("Gradus"));
    writer.setResolution(kDotsAnInch);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(kMarginMillimetres, kMarginMillimetres, kMarginMillimetres, kMarginMillimetres),
                          QPageLayout::Millimeter);
    const QSizeF paper = writer.pageLayout().paintRectPixels(kDotsAnInch).size();
    const QSizeF page(paper.width(), paper.height() - kFooter);

    QTextDocument document;
    document.setDocumentMargin(0);
    QFont font(QStringList{QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("sans-serif")});
    font.setPixelSize(12);
    document.setDefaultFont(font);
    document.setDefaultStyleSheet(
        QStringLiteral("h1{font-size:22px}h2{font-size:16px;margin-top:20px}h3{font-size:12px;margin-top:12px}"
                       "code,pre{font-family:'JetBrains Mono';font-size:10px}td,th{font-size:10px}"));
    // One line of text must fit below a figure that fills its page.
    FigureObject figures(simple.figures, page.width(), page.height() - 40);
    document.documentLayout()->registerHandler(kFigureType, &figures);
    document.setHtml(QString::fromStdString(simple.body));
    placeFigures(document);
    document.setPageSize(page); // last: it lays everything out anew, with the figures' sizes

    QPainter painter(&writer);
    const int pages = document.pageCount();
    for (int i = 0; i < pages; ++i) {
        if (i > 0) writer.newPage();
        painter.save();
        painter.translate(0, -i * page.height());
        document.drawContents(&painter, QRectF(QPointF(0, i * page.height()), page));
        painter.restore();
        painter.setFont(font);
        painter.drawText(QRectF(0, page.height(), page.width(), kFooter), Qt::AlignRight | Qt::AlignBottom,
                         QStringLiteral("%1 / %2").arg(i + 1).arg(pages));
    }
    painter.end();
    return buffer.data();
}

Result<void> writeReport(const report::ReportChoice& choice, const QString& file)
{
    const bool html = file.endsWith(QLatin1String(".html"), Qt::CaseInsensitive);
    if (!html && !file.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive))
        return badInput("A report is HTML or PDF, so " + file.toStdString() + " must end in .html or .pdf.");
    report::ReportChoice complete = choice;
    complete.program = "Gradus " + QCoreApplication::applicationVersion().toStdString();
    const auto content = report::gather(complete);
    if (!content) return content.error();
    const std::string bytes = html ? report::htmlOf(*content) : pdfOf(*content).toStdString();
    return writeFileAtomically(file.toStdString(), bytes);
}

} // namespace gradus::pages

#include "report_document.moc"
