// SPDX-License-Identifier: GPL-3.0-or-later
// One undo step of the draft.
#pragma once

#include "viewmodels/schedule_document.h"

#include <QUndoCommand>

#include <string>
#include <utility>

namespace gradus::viewmodels {

/// Holds both texts, so that undo is byte-equal by construction. A draft is a few kilobytes.
class DraftEdit final : public QUndoCommand
{
public:
    DraftEdit(ScheduleDocument& document, std::string before, std::string after, const QString& label, int mergeId)
        : QUndoCommand(label), m_document(document), m_before(std::move(before)), m_after(std::move(after)),
          m_mergeId(mergeId)
    {
    }
    void undo() override { m_document.take(m_before); }
    void redo() override { m_document.take(m_after); }
    int id() const override { return m_mergeId; }
    bool mergeWith(const QUndoCommand* other) override
    {
        m_after = static_cast<const DraftEdit*>(other)->m_after;
        m_isJournalled = false;
        setObsolete(m_after == m_before);
        return true;
    }

    const std::string& before() const { return m_before; }
    const std::string& after() const { return m_after; }
    bool isJournalled() const { return m_isJournalled; }
    void setJournalled() const { m_isJournalled = true; }

private:
    ScheduleDocument& m_document;
    std::string m_before;
    std::string m_after;
    int m_mergeId;
    mutable bool m_isJournalled = false; ///< the stack gives its steps for reading only
};

} // namespace gradus::viewmodels
