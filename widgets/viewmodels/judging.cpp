// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/judging.h"

#include "store/judgements.h"

#include <QCoreApplication>
#include <QFile>
#include <QPointer>
#include <QSettings>
#include <QUndoCommand>

namespace gradus::viewmodels {

namespace {

const QString kPerson = QStringLiteral("judging/person");
const QString kBlind = QStringLiteral("judging/blind");

} // namespace

/// One act: forward and back are writes of their own, so that the journal tells of both.
class JudgingAct final : public QUndoCommand
{
public:
    JudgingAct(Judging& judging, const QString& text, std::int64_t episode, Judging::Write forward, Judging::Write back)
        : QUndoCommand(text), m_judging(judging), m_episode(episode), m_forward(std::move(forward)),
          m_back(std::move(back))
    {
    }
    void redo() override { m_judging.apply(m_forward, m_episode); }
    void undo() override { m_judging.apply(m_back, m_episode); }

private:
    Judging& m_judging;
    std::int64_t m_episode;
    Judging::Write m_forward, m_back;
};

Judging::Judging(QObject* parent) : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
    const QSettings settings;
    m_person = settings.value(kPerson).toString();
    m_blind = settings.value(kBlind).toBool();
}

Judging::~Judging()
{
    m_history.clear();
    m_thread.waitForDone();
}

void Judging::open(const QString& store)
{
    m_history.clear();
    m_store = store;
    m_readOnly.clear();
    if (!store.isEmpty()) {
        const auto may = store::canJudge(QFile::encodeName(store).toStdString());
        if (!may) m_readOnly = QString::fromStdString(may.error().message);
    }
    Q_EMIT changed();
}

void Judging::setPerson(const QString& name)
{
    if (name == m_person) return;
    m_person = name;
    QSettings().setValue(kPerson, name);
    Q_EMIT changed();
}

void Judging::setBlind(bool blind)
{
    if (blind == m_blind) return;
    m_blind = blind;
    QSettings().setValue(kBlind, blind);
    Q_EMIT changed();
}

QString Judging::obstacle() const
{
    if (m_store.isEmpty()) return tr("No store is open.");
    if (!m_readOnly.isEmpty()) return m_readOnly;
    if (m_person.isEmpty()) return tr("Enter your name: every verdict is signed.");
    const auto fit = store::checkPerson(m_person.toStdString());
    return fit ? QString() : QString::fromStdString(fit.error().message);
}

void Judging::judge(std::int64_t episode, const std::optional<store::Judgement>& judgement)
{
    if (!obstacle().isEmpty()) return Q_EMIT failed(obstacle());
    if (judgement)
        if (const auto fit = store::checkJudgement(*judgement); !fit)
            return Q_EMIT failed(QString::fromStdString(fit.error().message));
    // What was said before is known when the store has answered; the writing thread alone touches it.
    const auto former = std::make_shared<std::optional<store::Judgement>>();
    const std::string person = m_person.toStdString();
    const auto forward = [episode, person, judgement, former](store::Judgements& store) -> Result<void> {
        auto before = store.judge(episode, person, judgement);
        if (!before) return before.error();
        *former = std::move(*before);
        return {};
    };
    const auto back = [episode, person, former](store::Judgements& store) -> Result<void> {
        const auto undone = store.judge(episode, person, *former);
        if (!undone) return undone.error();
        return {};
    };
    const QString text =
        judgement ? tr("verdict %1").arg(QString::fromStdString(judgement->verdict)) : tr("withdrawal");
    m_history.push(new JudgingAct(*this, text, episode, forward, back));
}

void Judging::prefer(std::int64_t left, std::int64_t right, const QString& choice)
{
    if (!obstacle().isEmpty()) return Q_EMIT failed(obstacle());
    store::PreferenceRow row{.first = left, .second = right, .person = m_person.toStdString()};
    row.choice = choice == QLatin1String("left")    ? "first"
                 : choice == QLatin1String("right") ? "second"
                                                    : choice.toStdString();
    const auto former = std::make_shared<std::string>();
    const auto forward = [row, former](store::Judgements& store) -> Result<void> {
        auto before = store.prefer(row);
        if (!before) return before.error();
        *former = std::move(*before);
        return {};
    };
    // The store names the smaller id first, and so does what it says was chosen before.
    const auto back = [row, former](store::Judgements& store) -> Result<void> {
        store::PreferenceRow undone = row;
        const bool isTurned = row.first > row.second;
        undone.choice = !isTurned || former->empty() || *former == "tie" ? *former
                        : *former == "first"                             ? "second"
                                                                         : "first";
        const auto done = store.prefer(undone);
        if (!done) return done.error();
        return {};
    };
    m_history.push(new JudgingAct(*this, tr("preference"), left, forward, back));
}

void Judging::apply(Write write, std::int64_t episode)
{
    ++m_waiting;
    const std::filesystem::path path = QFile::encodeName(m_store).toStdString();
    m_thread.start([write = std::move(write), path, episode, self = QPointer<Judging>(this)] {
        const auto result = [&]() -> Result<void> {
            auto store = store::Judgements::open(path);
            if (!store) return store.error();
            return write(*store);
        }();
        // Queued to the application: only the GUI thread may ask whether this object still lives.
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, result, episode] {
                if (self) self->answered(result, episode);
            },
            Qt::QueuedConnection);
    });
}

void Judging::answered(const Result<void>& result, std::int64_t episode)
{
    --m_waiting;
    if (!result) Q_EMIT failed(QString::fromStdString(result.error().message));
    Q_EMIT done(episode);
}

} // namespace gradus::viewmodels
