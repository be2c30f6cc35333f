// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/inline_editor.h"

#include "common/controls.h"

#include <QFocusEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace gradus::editor {

namespace {

constexpr int kGap = 10; ///< pixels between the place and the fields, so that what is edited stays seen

} // namespace

InlineEditor::InlineEditor(QWidget* parent)
    : QFrame(parent), m_row(new QHBoxLayout), m_refused(new QFrame), m_reason(new QLabel),
      m_fix(common::makeButton({}, QStringLiteral("link")))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(2);
    column->addLayout(m_row);
    m_refused->setProperty("bar", QStringLiteral("danger"));
    auto* under = new QHBoxLayout(m_refused);
    under->setContentsMargins(6, 2, 6, 2);
    m_reason->setObjectName(QStringLiteral("inlineReason"));
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setFont(common::typeFont(common::Type::Small));
    m_fix->setObjectName(QStringLiteral("inlineFix"));
    m_fix->setFocusPolicy(Qt::NoFocus); // a press on it is no press elsewhere
    connect(m_fix, &QPushButton::clicked, this, [this] {
        m_fields[m_refusal.field]->setText(m_refusal.fixText);
        commit();
    });
    under->addWidget(m_reason, 1);
    under->addWidget(m_fix);
    column->addWidget(m_refused);
    m_refused->hide();
    hide();
}

QLineEdit* InlineEditor::addField(const QString& objectName, const QString& accessibleName, int width)
{
    auto* field = new QLineEdit;
    field->setObjectName(objectName);
    field->setAccessibleName(accessibleName);
    field->setPlaceholderText(accessibleName);
    field->setFixedWidth(width);
    field->setAlignment(Qt::AlignRight);
    field->installEventFilter(this);
    m_row->addWidget(field);
    m_fields.append(field);
    return field;
}

void InlineEditor::open(const QPoint& place, const QStringList& texts, int focused, Commit commit)
{
    m_commit = std::move(commit);
    for (qsizetype i = 0; i < m_fields.size(); ++i) {
        QLineEdit* field = m_fields[i];
        field->setText(texts.value(i));
        field->setEnabled(!texts.value(i).isNull());
        common::setStyleProperty(*field, "state", QVariant());
        field->setToolTip({});
        field->selectAll();
    }
    m_place = place;
    m_refused->hide();
    stand();
    show();
    raise();
    if (!m_fields[focused]->isEnabled()) focused = static_cast<int>(m_fields.size()) - 1;
    m_fields[focused]->setFocus(Qt::OtherFocusReason);
}

void InlineEditor::stand()
{
    layout()->activate();
    adjustSize();
    const QSize room = parentWidget()->size();
    const int left = std::clamp(m_place.x() - width() / 2, 4, std::max(4, room.width() - width() - 4));
    const int above = m_place.y() - height() - kGap;
    move(left, above > 0 ? above : std::min(m_place.y() + kGap + 2, room.height() - height()));
}

void InlineEditor::showReason(const Refusal& refusal)
{
    m_refusal = refusal;
    m_reason->setText(refusal.reason);
    m_fix->setText(refusal.fix);
    m_fix->setVisible(!refusal.fix.isEmpty());
    m_refused->show();
    stand();
}

void InlineEditor::dismiss()
{
    if (isHidden()) return;
    m_commit = {};
    QWidget* after = m_after ? m_after.data() : parentWidget();
    after->setFocus(Qt::OtherFocusReason);
    hide();
}

void InlineEditor::commit()
{
    if (!m_commit) return;
    QStringList texts;
    for (const QLineEdit* field : std::as_const(m_fields))
        texts << field->text();
    const auto refused = m_commit(texts);
    if (!refused) return dismiss();
    // Stays open with the field marked: a typing slip must not cost the entry.
    QLineEdit* field = m_fields[refused->field];
    common::setStyleProperty(*field, "state", QStringLiteral("fail"));
    field->setToolTip(common::plainTooltip(refused->reason));
    showReason(*refused);
    field->setFocus(Qt::OtherFocusReason);
}

bool InlineEditor::step(QObject* from, int direction)
{
    const auto count = m_fields.size();
    auto at = m_fields.indexOf(static_cast<QLineEdit*>(from));
    for (qsizetype i = 0; i < count; ++i) {
        at = (at + direction + count) % count;
        if (m_fields[at]->isEnabled()) break;
    }
    m_fields[at]->setFocus(Qt::TabFocusReason);
    m_fields[at]->selectAll();
    return true;
}

bool InlineEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusOut && !isHidden()) {
        // A click elsewhere drops what was not kept; another field, a menu of the field's own or another window do not.
        const auto reason = static_cast<QFocusEvent*>(event)->reason();
        const bool stays = reason == Qt::PopupFocusReason || reason == Qt::ActiveWindowFocusReason;
        QMetaObject::invokeMethod(
            this,
            [this, stays] {
                const bool inside = std::any_of(m_fields.begin(), m_fields.end(),
                                                [](const QLineEdit* field) { return field->hasFocus(); });
                if (stays || inside) return;
                m_commit = {};
                hide();
            },
            Qt::QueuedConnection);
        return false;
    }
    const bool override = event->type() == QEvent::ShortcutOverride;
    if (!override && event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const bool keeps = key == Qt::Key_Return || key == Qt::Key_Enter;
    const bool steps = key == Qt::Key_Tab || key == Qt::Key_Backtab;
    if (!keeps && !steps && key != Qt::Key_Escape) return false;
    // Taken here: a line edit lets these through to its parent, where Enter would open the field again.
    event->accept();
    if (override) return true;
    if (steps) return step(watched, key == Qt::Key_Tab ? 1 : -1);
    if (keeps)
        commit();
    else
        dismiss();
    return true;
}

} // namespace gradus::editor
