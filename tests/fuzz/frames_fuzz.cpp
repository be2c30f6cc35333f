// SPDX-License-Identifier: GPL-3.0-or-later
// What comes out of a cell: frames on a pipe, and the words of the probes. Whatever is sent, the answer is one within
// the caps or the cell is ended, and never later than the deadline. The first byte is how many bytes were asked for.
#include "fuzz.h"

#include "base/clock.h"
#include "base/text.h"
#include "sandbox/cell_frames.h"
#include "sandbox/host_stage.h"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

using namespace gradus;
using namespace gradus::sandbox;

namespace {

constexpr double kSeconds = 0.02;       ///< of waiting for a frame that does not come
constexpr std::size_t kPipe = 60 << 10; ///< less than a pipe holds, so that writing does not wait

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input = fuzz::textOf(data, std::min(size, kPipe));
    if (input.empty()) return 0;
    for (const auto& [id, answer] : parseAnswers(input))
        fuzz::expect(visible(answer.why, answer.why.size() + 1) == answer.why, "a probe's words are fit to show", id);

    int ends[2] = {-1, -1};
    fuzz::expect(pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0, "a pipe can be made");
    const Descriptor reading(ends[0]);
    Descriptor writing(ends[1]);
    const auto sent = write(writing.get(), input.data() + 1, input.size() - 1);
    fuzz::expect(sent == static_cast<ssize_t>(input.size() - 1), "a pipe holds the input");
    const bool closed = input[0] % 16 != 0; // else the end is waited for
    if (closed) writing.reset();

    const std::uint64_t most = static_cast<unsigned char>(input[0]);
    VerbReply reply;
    const double begun = monotonicSeconds();
    const auto fault = receiveAnswer(reading.get(), most, reply, begun + kSeconds);
    fuzz::expect(monotonicSeconds() - begun < 2, "an answer is waited for no longer than its time");
    fuzz::expect(reply.bytes.size() <= most + maxReplyBytes, "no more is kept than a frame beyond the cap");
    fuzz::expect(reply.entries.size() <= 2 * maxManifestEntries + 1, "a list has its bound");
    if (fault) {
        fuzz::expect(!fault->sentence.empty(), "a fault says what it is");
        fuzz::expect(closed ? fault->kind != EndKind::Silent : true, "a closed pipe is not waited for");
    } else {
        fuzz::expect(reply.bytes.size() <= most, "an answer is within its cap");
        fuzz::expect(reply.error <= ToolError::Unknown, "a tool error is one of the known");
    }
    return 0;
}
