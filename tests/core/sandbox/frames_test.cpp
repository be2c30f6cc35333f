// SPDX-License-Identifier: GPL-3.0-or-later
// A first process that lies: whatever it sends, the cell is ended or the bytes stay bytes, within the time and the
// caps.
#include "support/suite.h"

#include "base/clock.h"
#include "base/files.h"
#include "sandbox/cell_frames.h"

#include <QTest>

#include <optional>
#include <random>
#include <unistd.h>

using namespace gradus;
using namespace gradus::sandbox;

namespace {

/// `cat` in the helper's place: it says what it was told before it hears the question.
Result<KeeperProcess> liar()
{
    static const std::string program = readFile("/bin/cat").value();
    return KeeperProcess::start(
        {.cell = false, .options = {}, .weakening = {}, .arguments = {"cat"}, .environment = {}, .program = program});
}

struct Heard
{
    std::optional<FrameFault> fault;
    VerbReply reply;
    double seconds = 0;
    EndKind kind() const { return fault ? fault->kind : EndKind::Asked; }
};

Heard ask(const std::string& lie, std::uint64_t cap = 1000, double seconds = 5)
{
    Heard heard;
    auto process = liar();
    if (!process || write(process->request(), lie.data(), lie.size()) != static_cast<ssize_t>(lie.size())) {
        heard.fault = FrameFault{EndKind::Alive, process ? "nothing was sent" : process.error().message};
        return heard;
    }
    const double begun = monotonicSeconds();
    heard.fault = sandbox::ask(*process, FrameKind::Read, "", cap, heard.reply, seconds);
    heard.seconds = monotonicSeconds() - begun;
    return heard;
}

std::string reply(std::uint8_t error)
{
    FieldWriter fields;
    fields.u8(error);
    fields.u32(2);
    fields.u64(0);
    return frame(FrameKind::Reply, fields.bytes());
}

} // namespace

class FramesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void honestAnswer_isTaken()
    {
        const Heard heard = ask(frame(FrameKind::Output, "bytes") + reply(3));
        QVERIFY2(!heard.fault, heard.fault ? heard.fault->sentence.c_str() : "");
        QCOMPARE(heard.reply.bytes, std::string("bytes"));
        QVERIFY(heard.reply.error == ToolError::FileNotFound);
    }
    void lengthOfGigabytes_isRefusedBeforeAnythingIsReserved()
    {
        const Heard heard = ask(std::string("\x42\xff\xff\xff\x7f", 5));
        QVERIFY(heard.fault && heard.fault->kind == EndKind::Protocol);
        QVERIFY(heard.seconds < 2.0 * tests::kPatience);
    }
    void requestAsAnswer_isRefused() { QVERIFY(ask(frame(FrameKind::Exec, "")).kind() == EndKind::Protocol); }
    void moreThanAskedFor_isRefused()
    {
        const Heard heard = ask(frame(FrameKind::Output, std::string(1001, 'x')) + reply(0));
        QVERIFY(heard.fault && heard.fault->kind == EndKind::Protocol);
    }
    void frameOfAnotherVerb_isRefused() { QVERIFY(ask(frame(FrameKind::Ready, "")).kind() == EndKind::Protocol); }
    void shortReply_isRefused() { QVERIFY(ask(frame(FrameKind::Reply, "abc")).kind() == EndKind::Protocol); }
    void longReply_isRefused()
    {
        QVERIFY(ask(frame(FrameKind::Reply, std::string(40, '\0'))).kind() == EndKind::Protocol);
    }
    void inventedErrorNumber_isUnknown()
    {
        const Heard heard = ask(reply(200));
        QVERIFY(!heard.fault && heard.reply.error == ToolError::Unknown);
    }
    void entryWhoseTextIsLongerThanItsFrame_isRefused()
    {
        FieldWriter fields;
        fields.u8('+');
        fields.u32(0);
        fields.u64(0);
        fields.u64(0);
        fields.u32(1000); // of a text that does not come
        QVERIFY(ask(frame(FrameKind::Entry, fields.bytes())).kind() == EndKind::Protocol);
    }
    void half_aFrame_endsAtTheDeadline()
    {
        const Heard heard = ask(std::string("\x42\x10", 2), 1000, 0.5);
        // The question is echoed behind it and makes a frame of sorts; either way it ends.
        QVERIFY(heard.fault.has_value());
        QVERIFY(heard.seconds < 3.0 * tests::kPatience);
    }
    void anyBytes_endInTime()
    {
        const unsigned long long seed = tests::propertySeed();
        std::mt19937_64 random(seed);
        for (int round = 0; round < 20; ++round) {
            std::string lie(1 + random() % 300, '\0');
            for (char& byte : lie)
                byte = static_cast<char>(random() % 4 == 0 ? 65 + random() % 6 : random());
            const Heard heard = ask(lie, 1000, 0.3);
            QVERIFY(heard.seconds < 3.0 * tests::kPatience);
            QVERIFY(heard.reply.bytes.size() <= 1000 + maxReplyBytes);
            QVERIFY(!heard.fault || heard.fault->kind != EndKind::Alive);
        }
    }
};

GRADUS_SUITE(FramesTest)
#include "frames_test.moc"
